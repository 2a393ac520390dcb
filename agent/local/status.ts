import { z } from 'zod';
import { UpdateWishes } from '../../shared/protocol/updates.ts';

/** What a running agent says of itself to the machine that it runs on. */
export const AgentStatus = z.object({
  agentId: z.string(),
  name: z.string(),
  edge: z.string(),
  connected: z.boolean(),
  pid: z.number(),
  roots: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      library: z.string(),
      path: z.string(),
      state: z.enum(['ok', 'offline', 'unreadable']),
      present: z.number(),
      problems: z.number(),
      scanning: z.boolean(),
      watch: z.enum(['ok', 'polling', 'failed']).optional(),
    }),
  ),
  sessions: z.number(),
  slots: z.object({ used: z.number(), total: z.number() }),
  /** Sessions elsewhere that read this machine's files. */
  lent: z.number().default(0),
  version: z.string().default('?'),
  update: z
    .object({
      available: z.string().nullable(),
      note: z.string().nullable(),
      /** What the deployment says of updates; null before it has said anything. */
      wishes: UpdateWishes.nullable().default(null),
    })
    .default({ available: null, note: null, wishes: null }),
  /** It takes nothing new. */
  draining: z.boolean().default(false),
});
export type AgentStatus = z.infer<typeof AgentStatus>;
