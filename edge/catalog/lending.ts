import type { AgentRow } from '../db/agents.ts';

type Machine = Pick<AgentRow, 'id' | 'name' | 'site'> & {
  capabilities: Pick<NonNullable<AgentRow['capabilities']>, 'borrows' | 'lendsAt' | 'mapped' | 'transcodeSlots'> | null;
};

/**
 * By machine: the names of the others of its site that would encode its films for it, reading them through its own
 * door or in a folder that both have. As placement sees it, but for what each film needs.
 */
export function lendingOf(machines: readonly Machine[]): ReadonlyMap<string, string[]> {
  return new Map(machines.map((lender) => [lender.id, readersOf(lender, machines).map(({ name }) => name)]));
}

function readersOf(lender: Machine, machines: readonly Machine[]): Machine[] {
  const opens = (lender.capabilities?.lendsAt ?? []).length > 0;
  return machines.filter(({ id, site, capabilities }) => {
    if (id === lender.id || site.id !== lender.site.id || !capabilities?.borrows) return false;
    const shares = (capabilities.mapped ?? []).some(({ agent }) => agent === lender.id);
    return capabilities.transcodeSlots > 0 && (opens || shares);
  });
}
