import type { UpdateWishes } from '../../shared/protocol/updates.ts';
import type { AgentConfig } from '../config.ts';

/** By what this machine comes to newer versions. */
export type UpdateRules = AgentConfig['update'];

/**
 * What this machine's configuration says, and where it says nothing what the deployment wishes [HS8]. Whom the machine
 * trusts, and the channel, are its own alone.
 */
export function updateRules({ update, held }: AgentConfig, wishes: UpdateWishes | null): UpdateRules {
  if (!wishes) return update;
  return {
    ...update,
    mode: held.updateMode.source === 'default' ? wishes.mode : update.mode,
    hours: held.updateHours.source === 'default' ? wishes.hours : update.hours,
  };
}
