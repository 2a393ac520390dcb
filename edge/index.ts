import type { Env } from './env.ts';

export { AgentLink } from './objects/agent-link.ts';
export { EventHub } from './objects/event-hub.ts';
export { Fleet } from './objects/fleet.ts';
export { PlaybackSession } from './objects/playback-session.ts';

export default {
  async fetch() {
    return new Response('not yet', { status: 503 });
  },
} satisfies ExportedHandler<Env>;
