import pino from 'pino';
import { loadIdentity } from '../../agent/link/identity.ts';
import { type LinkOptions, openLink } from '../../agent/link/link.ts';
import { filmHandlers } from './agent-handlers.ts';

/** A process of an agent with one film, for tests that stop or kill it. Its options are JSON in the first argument. */
const { dataDir, film, ...options } = JSON.parse(process.argv[2] ?? '{}') as {
  dataDir: string;
  film: { path: string; size: number };
} & Pick<LinkOptions, 'edge' | 'partBytes' | 'heartbeat'>;
const identity = loadIdentity(dataDir);
if (!identity) throw new Error('not enrolled');
const stop = new AbortController();
process.once('SIGTERM', () => stop.abort());
const link = openLink({
  ...options,
  identity,
  handlers: filmHandlers(film),
  log: pino({ level: 'silent' }),
  signal: stop.signal,
});
link.onConnected(() => console.log('connected'));
console.log(`ended ${await link.ended}`);
