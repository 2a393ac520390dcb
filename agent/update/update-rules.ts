import type { UpdateWishes } from '../../shared/protocol/updates.ts';
import type { HeldSettings } from '../config/resolve.ts';
import type { AgentConfig } from '../config.ts';

/** By what this machine comes to newer versions. */
export type UpdateRules = AgentConfig['update'];

/** Where a value came from that the deployment wishes. */
const FROM_SERVER = 'settings of the server';

/**
 * What this machine's configuration says, and where it says nothing what the deployment wishes [HS8]. Whom the machine
 * trusts, and the channel, are its own alone.
 */
export function updateRules({ update, held }: AgentConfig, wishes: UpdateWishes | null): UpdateRules {
  const { updateMode, updateHours } = withWishes(held, wishes);
  return { ...update, mode: updateMode.value, hours: updateHours.value };
}

/** All settings, with what the deployment wishes in place of what the machine says nothing of. */
export function withWishes<H extends HeldSettings>(held: H, wishes: UpdateWishes | null): H {
  if (!wishes) return held;
  const { updateMode, updateHours } = held;
  return {
    ...held,
    ...(updateMode.source === 'default' && { updateMode: { value: wishes.mode, source: FROM_SERVER } }),
    ...(updateHours.source === 'default' && { updateHours: { value: wishes.hours, source: FROM_SERVER } }),
  };
}
