import { readFile } from 'node:fs/promises';
import { isAss } from '../../../shared/media/burned.ts';
import { SUBTITLE_WINDOW_S } from '../../../shared/media/subtitle-windows.ts';
import { readVtt } from '../../../shared/media/web-vtt.ts';
import type { Resource } from '../../../shared/protocol/resources.ts';
import { run } from '../../ffmpeg/process.ts';
import { subtitleArguments } from '../../ffmpeg/subtitle-arguments.ts';
import { BrokenWindow, readWindow } from '../../ffmpeg/subtitle-window.ts';
import type { IndexedCopy } from '../../library/copies.ts';
import { AgentFailure, type ByteAnswer } from '../../link/handlers.ts';
import { brokenBy, lostProcess } from '../process-failure.ts';
import type { SegmentCache } from '../segment-cache.ts';
import { unlessAborted } from '../unless-aborted.ts';
import type { Disks } from './disks.ts';
import { type Source, sourceOf } from './sources.ts';
import { shifted, windowSpan, windowText } from './windows.ts';

/** A film of 80 GB on a slow disk. */
const TIMEOUT_MS = 15 * 60_000;
/** A minute of such a film. */
const WINDOW_TIMEOUT_MS = 30_000;
export const MAX_TEXT_BYTES = 32 * 1024 * 1024;

type Wanted = Omit<Extract<Resource, { kind: 'subtitle' }>, 'kind'>;

export interface Subtitles extends AsyncDisposable {
  /**
   * One text track: whole as WebVTT or ASS, or a window of it as WebVTT, which comes at once while the whole is made in
   * the background. Throws an AgentFailure. What is begun is made to the end, also when the viewer leaves: the next
   * one who asks finds it made.
   */
  bytes(copy: IndexedCopy, wanted: Wanted, signal: AbortSignal): Promise<ByteAnswer>;
}

/** Makes something of a film for later; the signal aborts where nobody watches the film, and others come first. */
export type ForLater = (fingerprint: string, make: (signal: AbortSignal) => Promise<Buffer>) => Promise<Buffer>;

export function createSubtitles(options: {
  ffmpeg: string | null;
  cache: SegmentCache;
  disks: Disks;
  forLater: ForLater;
}): Subtitles {
  const { ffmpeg, cache, disks, forLater } = options;
  const stopped = new AbortController();
  const making = new Map<string, Promise<Buffer>>();

  const kept = async (key: string, name: string): Promise<Buffer | null> => {
    const found = await cache.get(key, name);
    return found === null || Buffer.isBuffer(found) ? found : readFile(found.path);
  };
  const lost = (error: Error) => (stopped.signal.aborted ? stopped.signal.reason : lostProcess(error));

  /** `aside`: it is made for later, gently, and given up when that aborts. */
  const whole = async (
    program: string,
    source: Source,
    form: 'webvtt' | 'ass',
    aside: AbortSignal | null,
  ): Promise<Buffer> => {
    stopped.signal.throwIfAborted();
    const gently = aside !== null;
    const signal = aside ? AbortSignal.any([stopped.signal, aside]) : stopped.signal;
    const limits = { signal, timeoutMs: TIMEOUT_MS, maxStdoutBytes: MAX_TEXT_BYTES, background: gently };
    const result = await run(program, subtitleArguments({ ...source, form, gently }), limits).catch((error: Error) => {
      throw lost(error);
    });
    if (result.code !== 0 || result.limited) throw brokenBy(result.stderr, source.path);
    return result.stdout;
  };
  const part = async (program: string, source: Source, clock: number, window: number): Promise<Buffer> => {
    stopped.signal.throwIfAborted();
    const span = windowSpan(window);
    const signal = AbortSignal.any([stopped.signal, AbortSignal.timeout(WINDOW_TIMEOUT_MS)]);
    const text = await readWindow(program, { ...source, clock, ...span }, signal).catch((error: Error) => {
      if (error instanceof BrokenWindow) throw brokenBy(error.message, source.path);
      if (error.name === 'TimeoutError') throw new AgentFailure('capacity', 'agent-timeout', 'The disk is too slow.');
      throw lost(error);
    });
    return Buffer.from(windowText(shifted(readVtt(text), span.from), window));
  };

  /** What is in the cache, on its way in this line, or begun now. */
  const made = async (
    source: Source,
    name: string,
    line: 'awaited' | 'later',
    make: () => Promise<Buffer>,
  ): Promise<Buffer> => {
    const cached = await kept(source.key, name);
    if (cached) return cached;
    const disk = await disks.of(source.path);
    const id = `${source.key}/${name}/${line}`;
    const known = making.get(id);
    if (known) return known;
    const keep = async () => {
      const bytes = await make();
      cache.put(source.key, name, bytes);
      return bytes;
    };
    const work = disk[line].add(keep).finally(() => making.delete(id));
    // Whoever asked may have left; the next one asks again.
    work.catch(() => {});
    making.set(id, work);
    return work;
  };

  const windowOf = async (program: string, copy: IndexedCopy, source: Source, window: number): Promise<Buffer> => {
    if (window * SUBTITLE_WINDOW_S * 1000 > copy.media.durationMs) {
      throw new AgentFailure('content', 'not-found', 'The film ends before this.');
    }
    const { clock } = source;
    const cut = (vtt: Buffer) => Buffer.from(windowText(readVtt(vtt.toString('utf8')), window));
    const ready = await kept(source.key, 'vtt');
    if (ready) return cut(ready);
    // A file of subtitles alone is read whole as soon as in part.
    if (clock === null) return cut(await made(source, 'vtt', 'awaited', () => whole(program, source, 'webvtt', null)));
    const later = () => forLater(copy.fingerprint, (aside) => whole(program, source, 'webvtt', aside));
    void made(source, 'vtt', 'later', later).catch(() => {});
    return made(source, `w${window}`, 'awaited', () => part(program, source, clock, window));
  };

  return {
    async bytes(copy, { stream, window, form }, signal) {
      const source = await sourceOf(copy, stream);
      if (!ffmpeg) throw new AgentFailure('content', 'not-playable', 'This machine has no ffmpeg.');
      if (form === 'ass') {
        if (!isAss(source)) throw new AgentFailure('content', 'not-found', 'These subtitles are not in ASS.');
        const work = made(source, 'ass', 'awaited', () => whole(ffmpeg, source, 'ass', null));
        const body = await unlessAborted(work, signal);
        return { contentType: 'text/x-ssa; charset=utf-8', etag: `"${source.key}-ass"`, body };
      }
      const name = window === undefined ? 'vtt' : `w${window}`;
      const work =
        window === undefined
          ? made(source, 'vtt', 'awaited', () => whole(ffmpeg, source, 'webvtt', null))
          : windowOf(ffmpeg, copy, source, window);
      const body = await unlessAborted(work, signal);
      return { contentType: 'text/vtt; charset=utf-8', etag: `"${source.key}-${name}"`, body };
    },
    async [Symbol.asyncDispose]() {
      stopped.abort(new AgentFailure('liveness', 'agent-failed', 'The agent is stopping.'));
      await disks.idle();
    },
  };
}
