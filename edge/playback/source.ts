import type { MediaInfo } from '../../shared/media/media-info.ts';

/** Where a session's bytes lie when its owner does not have them itself. */
export interface Source {
  agentId: string;
  agentName: string;
  /** The path below its root, and what else a machine needs to trust a file that it finds there. */
  path: string;
  size: number;
  mtimeMs: number;
  media: MediaInfo;
  addresses: string[];
  /** The reader has the folder as a folder of its own: the agent itself need not be there. */
  mapped: boolean;
  readerKey: string;
}
