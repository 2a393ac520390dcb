import { z } from 'zod';
import { ScanStatus } from './libraries.ts';

/** What the edge tells browsers over `GET /api/v1/events` (WebSocket, one JSON message an event). */
export const ServerEvent = z.discriminatedUnion('topic', [
  z.object({ topic: z.literal('library.scan.progress'), agentId: z.string(), root: z.string(), scan: ScanStatus }),
  /** The catalog has changed: read again what is shown. At most one a second. */
  z.object({ topic: z.literal('metadata.updated'), libraryIds: z.array(z.string()) }),
  z.object({ topic: z.literal('agent.presence'), agentId: z.string(), online: z.boolean() }),
  z.object({
    topic: z.literal('playback.state.changed'),
    sessionId: z.string(),
    state: z.enum(['started', 'moved', 'ended']),
    /** What its viewer is told when somebody else, or another device, has ended it. */
    note: z.string().optional(),
    /** Whether it was another device of the same person, where it goes on. */
    elsewhere: z.boolean().optional(),
  }),
  /** One's place in the queue for an item has changed; `go`: ask again now, it is one's turn. */
  z.object({
    topic: z.literal('playback.queue.moved'),
    itemId: z.string(),
    place: z.number().int().positive(),
    go: z.boolean(),
  }),
  z.object({ topic: z.literal('system.notification'), level: z.enum(['info', 'warning', 'error']), text: z.string() }),
]);
export type ServerEvent = z.infer<typeof ServerEvent>;
