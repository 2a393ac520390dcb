import { HearthcastError } from '../../shared/errors.ts';
import { copiesOfItem } from '../db/copies.ts';
import type { Env } from '../env.ts';
import { askAgent, type Picture } from './images.ts';
import { presenceOfAgents } from './presence.ts';

/** Behind a chapter's very first frame, which is often black; milliseconds. */
const INTO_CHAPTER_MS = 2_000;

/**
 * The picture of an item's chapter, by its place: the kept one, else made by a machine that has the film, and kept.
 * Throws `not-found` where the item has no such chapter, `agent-offline` where its machines are away, and what the
 * machine says where it cannot.
 */
export async function chapterPicture(env: Env, itemId: number, chapter: number, width: number): Promise<Picture> {
  const copies = (await copiesOfItem(env, itemId)).filter(({ media }) => media.chapters[chapter] && media.video[0]);
  const first = copies[0];
  if (!first) throw new HearthcastError('not-found', 'There is no such chapter.');
  // By its content, so that a file that is replaced by another has pictures of its own.
  const key = `chapter/${first.fingerprint}/${chapter}/${width}`;
  const kept = await env.IMAGES.get(key);
  if (kept) return { contentType: 'image/jpeg', body: kept.body };
  const presence = await presenceOfAgents(env);
  const holder = copies.find(
    ({ agentId, fingerprint }) => fingerprint === first.fingerprint && presence.get(agentId)?.online,
  );
  if (!holder) throw new HearthcastError('agent-offline', 'The machine that has this film is offline.');
  const { root, pathHash, fingerprint, agentId, media } = holder;
  const startMs = media.chapters[chapter]?.startMs ?? 0;
  const atMs = Math.min(startMs + INTO_CHAPTER_MS, Math.max(0, media.durationMs - 1));
  const made = await askAgent(env, agentId, { kind: 'still', copy: { root, pathHash }, fingerprint, atMs, width });
  await env.IMAGES.put(key, made.bytes, { httpMetadata: { contentType: made.contentType } });
  return { contentType: made.contentType, body: made.bytes };
}
