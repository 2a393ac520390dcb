/** A WebAssembly file, compiled when the Worker is uploaded: workerd compiles none at run time. */
declare module '*.wasm' {
  const module: WebAssembly.Module;
  export default module;
}
