import type { MediaInfo } from '../../shared/media/media-info.ts';
import type { MachineRow } from '../db/agents.ts';
import type { Source } from './source.ts';

/** What of a copy decides who can read it. */
interface Lendable {
  agentId: string;
  agentName: string;
  siteId?: number;
  root: string;
  fingerprint: string;
  path?: string;
  size?: number;
  mtimeMs?: number;
  media: MediaInfo;
}

/**
 * The machines of a copy's own site that could encode it without having it, each with how it reads the bytes. Those
 * that have the same bytes themselves are not among them, nor those of releases that know no borrowing.
 */
export function borrowersOf(
  copy: Lendable,
  copies: readonly Pick<Lendable, 'agentId' | 'fingerprint'>[],
  machines: readonly MachineRow[],
): { machine: MachineRow; source: Source }[] {
  const { agentId, agentName, root, fingerprint, path, size, mtimeMs, media } = copy;
  if (path === undefined || size === undefined || mtimeMs === undefined) return [];
  const have = new Set(copies.filter((other) => other.fingerprint === fingerprint).map((other) => other.agentId));
  const addresses = [...(machines.find((machine) => machine.agentId === agentId)?.lendsAt ?? [])];
  return machines
    .filter((machine) => machine.borrows && machine.siteId === copy.siteId && !have.has(machine.agentId))
    .map((machine) => {
      const mapped = machine.mapped.some((folder) => folder.agent === agentId && folder.root === root);
      const about = { agentId, agentName, path, size, mtimeMs, media, addresses, mapped };
      return { machine, source: { ...about, readerKey: machine.publicKey } };
    })
    .filter(({ source }) => source.mapped || source.addresses.length > 0);
}
