import type { DownloadAnswer, DownloadRequest } from '../../shared/api/playback.ts';
import { itemById } from '../db/items.ts';
import type { Env } from '../env.ts';
import type { Principal } from '../identity/principal.ts';
import { type Asked, startPlayback } from './play.ts';

const NOTHING = { containers: [], video: [], audio: [] };

/**
 * Opens a session whose file is kept: it is placed, limited, shown and moved to other machines as one that is watched.
 * Answers its title beside. Throws as `startPlayback` does.
 */
export async function startDownload(
  env: Env,
  principal: Principal,
  itemId: number,
  { copyId, device }: DownloadRequest,
  asked: Asked,
): Promise<{ answer: DownloadAnswer; title: string }> {
  const profile = { name: device, file: NOTHING, segments: NOTHING };
  const wish = { profile, startMs: 0, asItIs: true as const, ...(copyId === undefined ? {} : { copyId }) };
  const [item, play] = await Promise.all([itemById(env, itemId), startPlayback(env, principal, itemId, wish, asked)]);
  const { sessionId, contentType, expiresAt } = play;
  const answer = { sessionId, copyId: play.copyId, url: `${play.url}?download`, contentType, expiresAt };
  return { answer, title: item?.title ?? '' };
}
