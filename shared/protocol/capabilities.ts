import { z } from 'zod';
import { RootId } from './names.ts';
import { LendsAt, Mapped } from './sources.ts';

/** What an agent's machine can do; found out at its start. */
export const Capabilities = z.object({
  platform: z.string().max(40),
  arch: z.string().max(20),
  hostname: z.string().max(255),
  cpus: z.number().int().positive(),
  memoryBytes: z.number().int().positive(),
  ffmpeg: z.string().max(100).nullable(),
  /** ffmpeg's names of video encoders that really made a few frames here, best first. */
  videoEncoders: z.array(z.string().max(40)).max(40),
  gpus: z.array(z.string().max(200)).max(16),
  /** How many sessions that need ffmpeg it admits at once. */
  transcodeSlots: z.number().int().nonnegative(),
  /** Kinds of bytes that it can be asked for beyond those of version 1; absent is none. */
  resources: z.array(z.string().max(40)).max(40).optional(),
  /** It can paint subtitles that are text into a picture: its ffmpeg draws them, and it knows such plans. */
  paintsText: z.boolean().optional(),
  /** It can encode films that lie on another machine of its site: it knows `source` of `session.open`. */
  borrows: z.boolean().optional(),
  /** Where other machines of its site may read its files. */
  lendsAt: LendsAt.optional(),
  /** Folders of other agents that it has as folders of its own. */
  mapped: Mapped.optional(),
});
export type Capabilities = z.infer<typeof Capabilities>;

/** A folder that the agent's owner allowed; its path stays on the machine. */
export const RootInfo = z.object({
  id: RootId,
  /** The folder's name, as viewers may see it. */
  name: z.string().min(1).max(200),
  /** Which library it goes to when it first appears: the one of this name, else a new one. */
  library: z.string().min(1).max(200),
  state: z.enum(['ok', 'offline', 'unreadable']),
  /**
   * How changes in it are seen: at once; only by the periodic scan (a network share, or more folders than the
   * system watches); or only so because watching failed.
   */
  watch: z.enum(['ok', 'polling', 'failed']).optional(),
});
export type RootInfo = z.infer<typeof RootInfo>;

/** A session that an agent has open. */
export const OpenSession = z.object({ id: z.string().max(64), generation: z.number().int().positive() });
export type OpenSession = z.infer<typeof OpenSession>;
