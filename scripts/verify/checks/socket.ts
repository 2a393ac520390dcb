import { setTimeout as sleep } from 'node:timers/promises';
import { type Check, failed, ok, spell } from '../check.ts';
import type { Stage } from '../stage.ts';

/** The machine's WebSocket stays open while nothing is said but two pings, each of which must be answered. */
export async function socketStays({ agent, times, signal }: Stage): Promise<Check> {
  const name = 'The machine’s connection';
  const { pingMs, pongMs } = times.heartbeat;
  const before = agent.welcomes;
  // The first may be just over, and the last one's answer has its time.
  const waitMs = 3 * pingMs + Math.min(pingMs, pongMs) / 2;
  await sleep(waitMs, undefined, { signal });
  const lost = agent.welcomes - before;
  if (lost === 0 && agent.link.connected) {
    return ok(name, `open over ${spell(waitMs)} of silence`, 'Pings were answered, and nobody closed it.');
  }
  return failed(
    ...([
      name,
      `lost ${Math.max(1, lost)} times in ${spell(waitMs)}`,
      'Machines go offline and films stop now and then.',
    ] as const),
    'Look for a proxy, firewall or VPN that closes still WebSockets or passes no messages on (nginx: `proxy_read_timeout` above 60 s).',
  );
}
