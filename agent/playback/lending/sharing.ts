import type { Capabilities } from '../../../shared/protocol/capabilities.ts';
import type { DirectAnnouncement } from '../../../shared/protocol/direct.ts';
import { MAX_LENDING_ADDRESSES } from '../../../shared/protocol/sources.ts';
import type { Mapping } from '../borrowing/mapped-file.ts';

/**
 * What this machine tells of what it does for others of its site, and they for it. It lends where viewers may come to
 * it directly, by those addresses that do not lead out of the home network; null is nowhere.
 */
export function sharingOf(
  direct: DirectAnnouncement | null,
  mappings: readonly Mapping[],
): Pick<Capabilities, 'borrows' | 'lendsAt' | 'mapped'> {
  const near = (direct?.addresses ?? []).filter(({ reach }) => reach !== 'public').map(({ url }) => url);
  return {
    borrows: true,
    lendsAt: near.slice(0, MAX_LENDING_ADDRESSES),
    mapped: mappings.map(({ agent, root }) => ({ agent, root })),
  };
}
