/** What a local start says: lines for a person on stderr, and with --json one line for a machine on stdout. */
export class Terminal {
  readonly #json: boolean;
  readonly #live = process.stderr.isTTY;
  #shown = '';

  constructor(json: boolean) {
    this.#json = json;
  }

  say(line: string): void {
    this.#clear();
    process.stderr.write(`${line}\n`);
  }

  /** A line that the next one replaces, where the terminal can; elsewhere nothing. */
  progress(line: string): void {
    if (!this.#live) return;
    this.#clear();
    this.#shown = line.slice(0, (process.stderr.columns ?? 80) - 1);
    process.stderr.write(this.#shown);
  }

  ready(facts: { url: string; setupCode?: string; pid: number; agentPid: number | null }): void {
    if (this.#json) {
      process.stdout.write(`${JSON.stringify(facts)}\n`);
      return;
    }
    const code = facts.setupCode ? `#code=${facts.setupCode}` : '';
    this.say('');
    this.say(`  Hearthcast is ready:  ${facts.url}/${code}`);
    if (facts.setupCode) this.say(`  Set-up code:          ${facts.setupCode}`);
    this.say('');
    this.say('  Ctrl-C stops it.');
    this.say('');
  }

  #clear(): void {
    if (this.#shown) process.stderr.write(`\r${' '.repeat(this.#shown.length)}\r`);
    this.#shown = '';
  }
}
