import { spawn } from 'node:child_process';

/** A command that came to its end. */
export interface Outcome {
  code: number;
  /** What it wrote to both of its streams, in the order in which it came. */
  text: string;
}

/** A command that was expected to do its work and did not. */
export class CommandFailed extends Error {
  constructor(argv: readonly string[], { code, text }: Outcome) {
    super(`${argv.join(' ')} ended with ${code}: ${text.trim().split('\n').slice(-8).join('\n')}`);
  }
}

/** Runs it to its end, or kills it after `limitMs`. Rejects only where it cannot be started at all. */
export async function outcomeOf(argv: readonly string[], limitMs: number, input = ''): Promise<Outcome> {
  const [program = '', ...args] = argv;
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], timeout: limitMs, killSignal: 'SIGKILL' });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (piece: string) => {
      text += piece;
    });
  }
  // A program that ends before it has read all of it says so by its exit code.
  child.stdin.on('error', () => undefined).end(input);
  const code = await new Promise<number>((resolve, reject) => {
    child.once('error', reject).once('close', (exit) => resolve(exit ?? 137));
  });
  return { code, text };
}

/** Runs it and answers with what it wrote. Throws a CommandFailed where it does not end with 0. */
export async function done(argv: readonly string[], limitMs: number, input = ''): Promise<string> {
  const outcome = await outcomeOf(argv, limitMs, input);
  if (outcome.code !== 0) throw new CommandFailed(argv, outcome);
  return outcome.text;
}
