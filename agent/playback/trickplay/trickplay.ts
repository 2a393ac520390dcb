import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import PQueue from 'p-queue';
import { isHdr, mainVideo } from '../../../shared/media/media-info.ts';
import { cropFilters } from '../../ffmpeg/picture-filters.ts';
import { run } from '../../ffmpeg/process.ts';
import { spriteArguments } from '../../ffmpeg/sprite-arguments.ts';
import type { IndexedCopy } from '../../library/copies.ts';
import { AgentFailure, type ByteAnswer } from '../../link/handlers.ts';
import { inLight } from '../in-light.ts';
import { brokenBy, lostProcess } from '../process-failure.ts';
import { COMPLETE_CONTAINERS } from '../recipes.ts';
import type { SegmentCache } from '../segment-cache.ts';
import { sheetCount, sheetTimes, spriteGrid } from './grid.ts';
import { previewTrack } from './preview-track.ts';

/** Fifteen seeks on a disk that is being read by others. */
const TIMEOUT_MS = 60_000;
const MAX_SHEET_BYTES = 8 * 1024 * 1024;

export interface Trickplay extends AsyncDisposable {
  /**
   * A sheet of small pictures as JPEG, made now if need be, or (null) the WebVTT that says where each one lies.
   * Throws an AgentFailure, or the signal's reason.
   */
  bytes(copy: IndexedCopy, sheet: number | null, signal: AbortSignal): Promise<ByteAnswer>;
  /** Whether a film's sheets are not all there yet. */
  lacks(copy: IndexedCopy): Promise<boolean>;
  /** Makes the first sheet that a film lacks, after everything that viewers wait for; false where it lacks none. */
  makeNext(copy: IndexedCopy, signal: AbortSignal): Promise<boolean>;
}

export function createTrickplay(options: { ffmpeg: string | null; cache: SegmentCache }): Trickplay {
  const { ffmpeg, cache } = options;
  // One at a time, the newest wish first: it is where the viewer points now.
  const queue = new PQueue({ concurrency: 1 });
  const stopped = new AbortController();
  let wishes = 0;

  const make = async (copy: IndexedCopy, sheet: number, signal: AbortSignal, background: boolean): Promise<Buffer> => {
    const { grid, key, stream, crop } = planOf(copy);
    const times = sheetTimes(grid, sheet);
    if (times.length === 0) throw new AgentFailure('content', 'not-found', 'The film ends before this.');
    const cached = await kept(key, sheet);
    if (cached) return cached;
    if (!ffmpeg) throw new AgentFailure('content', 'not-playable', 'This machine has no ffmpeg.');
    const complete = COMPLETE_CONTAINERS.has(copy.media.container);
    const limits = { signal, timeoutMs: TIMEOUT_MS, maxStdoutBytes: MAX_SHEET_BYTES, background };
    const result = await inLight(isHdr(copy.media), (tonemap) =>
      run(ffmpeg, spriteArguments({ ...grid, path: copy.path, stream, times, complete, tonemap, crop }), limits),
    ).catch((error: Error) => {
      throw signal.aborted ? signal.reason : lostProcess(error);
    });
    if (result.code !== 0 || result.limited || result.stdout.length === 0) throw brokenBy(result.stderr, copy.path);
    cache.put(key, String(sheet), result.stdout);
    return result.stdout;
  };
  const kept = async (key: string, sheet: number): Promise<Buffer | null> => {
    const found = await cache.get(key, String(sheet));
    return found === null || Buffer.isBuffer(found) ? found : readFile(found.path);
  };

  /** The first sheet that a film lacks; null where it lacks none, or has no pictures. */
  const missingOf = async (copy: IndexedCopy): Promise<number | null> => {
    const plan = spriteGrid(copy.media) && planOf(copy);
    if (!plan) return null;
    await cache.ready;
    const sheets = Array.from({ length: sheetCount(plan.grid) }, (_, sheet) => sheet);
    return sheets.find((sheet) => !cache.has(plan.key, String(sheet))) ?? null;
  };

  return {
    async bytes(copy, sheet, viewer) {
      const { grid, key } = planOf(copy);
      if (sheet === null) {
        const text = previewTrack(grid, copy.media.durationMs);
        return { contentType: 'text/vtt; charset=utf-8', etag: `"${key}"`, body: Buffer.from(text) };
      }
      const signal = AbortSignal.any([viewer, stopped.signal]);
      const body =
        (await kept(key, sheet)) ??
        (await queue.add(() => make(copy, sheet, signal, false), { signal, priority: ++wishes }));
      return { contentType: 'image/jpeg', etag: `"${key}-${sheet}"`, body };
    },
    lacks: async (copy) => (await missingOf(copy)) !== null,
    async makeNext(copy, caller) {
      const missing = await missingOf(copy);
      if (missing === null) return false;
      const signal = AbortSignal.any([caller, stopped.signal]);
      await queue.add(() => make(copy, missing, signal, true), { signal, priority: 0 });
      return true;
    },
    async [Symbol.asyncDispose]() {
      stopped.abort(new AgentFailure('liveness', 'agent-failed', 'The agent is stopping.'));
      await queue.onIdle();
    },
  };
}

/** Throws an AgentFailure for sound alone. */
function planOf(copy: IndexedCopy) {
  const grid = spriteGrid(copy.media);
  const video = mainVideo(copy.media);
  if (!grid || !video) throw new AgentFailure('content', 'not-found', 'There are no pictures in this.');
  const { seconds: _, ...shape } = grid;
  const key = createHash('sha256')
    .update(JSON.stringify(['trickplay', copy.fingerprint, video.index, shape, ...(isHdr(copy.media) ? ['sdr'] : [])]))
    .digest('hex');
  return { grid, stream: video.index, crop: cropFilters(video), key: key.slice(0, 32) };
}
