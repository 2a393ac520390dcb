import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { vobsubLanguages } from '../names/vobsub-index.ts';

/** An honest index of thirty languages is two megabytes; the languages of a longer one are known by its beginning. */
const MAX_INDEX_BYTES = 4 * 1024 * 1024;

/** The languages of each VobSub file among a folder's subtitles, by its name; one that cannot be read has none. */
export async function vobsubsIn(dir: string, names: readonly string[]): Promise<Map<string, (string | null)[]>> {
  const found = new Map<string, (string | null)[]>();
  for (const name of names) {
    if (name.toLowerCase().endsWith('.idx')) found.set(name, vobsubLanguages(await beginningOf(join(dir, name))));
  }
  return found;
}

async function beginningOf(path: string): Promise<string> {
  try {
    await using file = await open(path);
    const { size } = await file.stat();
    const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.min(size, MAX_INDEX_BYTES)));
    return buffer.toString('latin1', 0, bytesRead);
  } catch {
    // It went away, or may not be read: then it is one track, by its name.
    return '';
  }
}
