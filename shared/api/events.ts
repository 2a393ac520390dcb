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
  }),
  z.object({ topic: z.literal('system.notification'), level: z.enum(['info', 'warning', 'error']), text: z.string() }),
]);
export type ServerEvent = z.infer<typeof ServerEvent>;
