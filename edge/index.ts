import { backfillCatalog } from './catalog/backfill.ts';
import { finishRemovals } from './catalog/fleet.ts';
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
    await Promise.all([
      cleanUp(env, Date.now()),
      finishRemovals(env, Date.now()),
      backfillCatalog(env, Date.now()),
      makeDueBackup(env, Date.now()),
    ]);
  },
} satisfies ExportedHandler<Env>;
