import { mkdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isAss } from '../../../shared/media/burned.ts';
import { run } from '../../ffmpeg/process.ts';
import { BACKGROUND_SPEED, tracksArguments } from '../../ffmpeg/subtitle-arguments.ts';
import type { IndexedCopy } from '../../library/copies.ts';
import type { NightWork } from '../background/night-shift.ts';
import { brokenBy } from '../process-failure.ts';
import type { SegmentCache } from '../segment-cache.ts';
import type { Disks } from './disks.ts';
import { embedded, type Source } from './sources.ts';
import { MAX_TEXT_BYTES } from './subtitles.ts';

/** Tracks that one pass reads: they make a command line of a few KB. */
const MAX_TRACKS = 32;
/** What a disk may take longer than reading the film slowly takes. */
const SLOW_DISK_MS = 15 * 60_000;

/** One form of a track, and its name in the cache, where a viewer's request looks for it. */
interface Missing {
  source: Source;
  form: 'webvtt' | 'ass';
  name: 'vtt' | 'ass';
}

/**
 * Makes the text tracks inside of films whole before anybody asks: all that a film lacks in one pass, for reading the
 * film is what it costs, in the disk's line for later. `scratch` is a folder that belongs to it.
 */
export function createTracksAhead(options: {
  ffmpeg: string | null;
  cache: SegmentCache;
  disks: Disks;
  scratch: string;
}): NightWork['maker'] {
  const { ffmpeg, cache, disks, scratch } = options;

  const missingOf = async (film: IndexedCopy): Promise<Missing[]> => {
    await cache.ready;
    return formsOf(film).filter(({ source, name }) => !cache.has(source.key, name));
  };
  const read = async (program: string, film: IndexedCopy, missing: readonly Missing[], signal: AbortSignal) => {
    signal.throwIfAborted();
    // One that was killed leaves its own.
    await rm(scratch, { recursive: true, force: true });
    await mkdir(scratch, { recursive: true, mode: 0o700 });
    try {
      const files = missing.map((_, n) => join(scratch, String(n)));
      const tracks = missing.map(({ source, form }, n) => ({ stream: source.stream, form, file: String(files[n]) }));
      const timeoutMs = SLOW_DISK_MS + film.media.durationMs / BACKGROUND_SPEED;
      const args = tracksArguments({ path: film.path, tracks, maxBytes: MAX_TEXT_BYTES });
      const result = await run(program, args, { signal, timeoutMs, maxStdoutBytes: 0, background: true });
      if (result.code !== 0 || result.limited) throw brokenBy(result.stderr, film.path);
      for (const [n, { source, name }] of missing.entries()) {
        const file = String(files[n]);
        if ((await stat(file)).size >= MAX_TEXT_BYTES) throw brokenBy('A track of subtitles is too long.', film.path);
        cache.put(source.key, name, await readFile(file));
      }
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
    // Made again and again otherwise.
    if (missing.some(({ source, name }) => !cache.has(source.key, name))) throw new Error('There is no room for them.');
  };

  return {
    lacks: async (film) => ffmpeg !== null && (await missingOf(film)).length > 0,
    async makeNext(film, signal) {
      const missing = (await missingOf(film)).slice(0, MAX_TRACKS);
      if (!ffmpeg || missing.length === 0) return false;
      const disk = await disks.of(film.path);
      await disk.later.add(() => read(ffmpeg, film, missing, signal));
      return true;
    },
  };
}

/** Everything that viewers may ask of the text inside of a film. What lies beside it is read as soon as it is asked for. */
function formsOf(film: IndexedCopy): Missing[] {
  return film.media.subtitles
    .filter(({ form, external }) => form === 'text' && !external)
    .flatMap((track) => {
      const source = embedded(film, track);
      const plain: Missing = { source, form: 'webvtt', name: 'vtt' };
      return isAss(source) ? [plain, { source, form: 'ass', name: 'ass' }] : [plain];
    });
}
