import type { CloseReason } from '../../shared/protocol/close-codes.ts';
import { negotiateVersion } from '../../shared/protocol/version.ts';
import type { Hello } from './deliver.ts';

/** What becomes of a socket that says hello. */
export type Greeting = { accept: true; protocol: number } | { accept: false; reason: CloseReason };

/**
 * Judges a hello. `generations` are those of the agent's sockets that are ready: a process older than one of
 * them is late work and goes, whatever its socket's age; among equals the newest socket wins.
 */
export function greet(hello: Hello, agentId: string, generations: readonly number[]): Greeting {
  if (hello.agentId !== agentId) return { accept: false, reason: 'bad-frame' };
  const protocol = negotiateVersion(hello);
  if (protocol === null) return { accept: false, reason: 'version-unsupported' };
  if (generations.some((generation) => generation > hello.generation)) return { accept: false, reason: 'replaced' };
  return { accept: true, protocol };
}
