import { backfillCatalog } from './catalog/backfill.ts';
import { keepFacetBlocks } from './catalog/facet-blocks.ts';
import { finishRemovals } from './catalog/fleet.ts';
import { settleMoves } from './catalog/library-changes.ts';
import { keepNarrowSets } from './catalog/narrow-sets.ts';
import { sweepCatalog } from './catalog/sweep.ts';
import { makeDueBackup } from './deployment/backups.ts';
import type { Env } from './env.ts';
import { createApp } from './http/app.ts';
import { cleanUp } from './identity/clean-up.ts';

export { AgentLink } from './objects/agent-link.ts';
export { EventHub } from './objects/event-hub.ts';
export { Fleet } from './objects/fleet.ts';
export { PlaybackSession } from './objects/playback-session.ts';

const app = createApp();

export default {
  fetch: app.fetch,
  async scheduled(_controller, env) {
    const now = Date.now();
    await Promise.all([
      cleanUp(env, now),
      finishRemovals(env, now),
      settleMoves(env, now),
      backfillCatalog(env, now),
      keepNarrowSets(env, now),
      keepFacetBlocks(env),
      sweepCatalog(env, now),
      makeDueBackup(env, now),
    ]);
  },
} satisfies ExportedHandler<Env>;
