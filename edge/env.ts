import type { Bindings } from './bindings.ts';
import type { AgentLink } from './objects/agent-link.ts';
import type { EventHub } from './objects/event-hub.ts';
import type { Fleet } from './objects/fleet.ts';
import type { PlaybackSession } from './objects/playback-session.ts';

/** All bindings of wrangler.toml: what is in `Bindings`, and the objects. */
export interface Env extends Bindings {
  AGENT_LINK: DurableObjectNamespace<AgentLink>;
  PLAYBACK_SESSION: DurableObjectNamespace<PlaybackSession>;
  FLEET: DurableObjectNamespace<Fleet>;
  EVENT_HUB: DurableObjectNamespace<EventHub>;
}
