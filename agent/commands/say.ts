/** One line to whoever called. */
export function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
