import pino from 'pino';
import { loadIdentity } from '../../agent/link/identity.ts';
import { openLink } from '../../agent/link/link.ts';
import { filmHandlers } from './agent-handlers.ts';

/** A process of an agent with one film, for tests that stop or kill it. Its options are JSON in the first argument. */
const options = JSON.parse(process.argv[2] ?? '{}') as {
  edge: string;
  dataDir: string;
  film: { path: string; size: number };
  partBytes: number;
};
const identity = loadIdentity(options.dataDir);
if (!identity) throw new Error('not enrolled');
const stop = new AbortController();
process.once('SIGTERM', () => stop.abort());
const link = openLink({
  edge: options.edge,
  identity,
  handlers: filmHandlers(options.film),
  log: pino({ level: 'silent' }),
  signal: stop.signal,
  partBytes: options.partBytes,
});
link.onConnected(() => console.log('connected'));
console.log(`ended ${await link.ended}`);
