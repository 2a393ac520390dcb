import type { EmbeddedTags } from '../embedded-tags.ts';
import { boxAt, boxesIn } from './boxes.ts';

/** iTunes' names for what a catalog can hold, and FFmpeg's. */
const NAMES: Record<string, string> = { desc: 'description', ldes: 'synopsis', '\xa9gen': 'genre', '\xa9day': 'date' };
const UTF8 = 1;
const MAX_TAG_BYTES = 16 * 1024;

/** The tags of the film as a whole. A list that is torn says nothing, and spoils nothing else. */
export function readMp4Tags(moov: Buffer): EmbeddedTags {
  const meta = boxAt(moov, 'udta', 'meta');
  const list = meta && boxAt(meta.subarray(4), 'ilst');
  const tags: EmbeddedTags = {};
  for (const { type, payload } of list ? boxesIn(list) : []) {
    const name = NAMES[type];
    const data = name ? boxAt(payload, 'data') : null;
    if (!name || !data || data.length > MAX_TAG_BYTES || data.readUInt32BE(0) !== UTF8) continue;
    tags[name] = data.toString('utf8', 8);
  }
  return tags;
}
