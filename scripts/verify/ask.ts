import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { UsageError } from '../local/options.ts';
import type { Credentials } from './edge-api.ts';

/** From the environment, else from the person at the terminal. Throws a UsageError where there is neither. */
export async function credentialsOf(env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<Credentials> {
  const { HEARTHCAST_KEY: key, HEARTHCAST_OWNER: username, HEARTHCAST_PASSWORD: password } = env;
  if (key) return { key };
  if (username && password) return { username, password };
  if (!process.stdin.isTTY) throw new UsageError('set HEARTHCAST_OWNER and HEARTHCAST_PASSWORD, or HEARTHCAST_KEY.');
  const name = username ?? (await ask('Owner’s name: ', { signal }));
  return { username: name, password: await ask('Password: ', { signal, hidden: true }) };
}

/** What a person answers. Hidden is what they type, not the question. */
export async function ask(question: string, { signal, hidden = false }: { signal: AbortSignal; hidden?: boolean }) {
  process.stderr.write(question);
  const nowhere = new Writable({ write: (_piece, _encoding, done) => done() });
  const output = hidden ? nowhere : process.stderr;
  const terminal = createInterface({ input: process.stdin, output, terminal: true });
  // In a terminal that is read key by key Ctrl-C is a key.
  terminal.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  try {
    return (await terminal.question('', { signal })).trim();
  } finally {
    terminal.close();
    if (hidden) process.stderr.write('\n');
  }
}
