/** A file's text, as Vite imports it. */
declare module '*?raw' {
  const text: string;
  // biome-ignore lint/style/noDefaultExport: this is how Vite exports a text
  export default text;
}
