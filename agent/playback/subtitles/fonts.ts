import PQueue from 'p-queue';
import { z } from 'zod';
import { fontArguments, fontListArguments } from '../../ffmpeg/font-arguments.ts';
import type { Binaries } from '../../ffmpeg/locate.ts';
import { run } from '../../ffmpeg/process.ts';
import type { IndexedCopy } from '../../library/copies.ts';
import { AgentFailure, type ByteAnswer } from '../../link/handlers.ts';
import { brokenBy, lostProcess } from '../process-failure.ts';
import type { SegmentCache } from '../segment-cache.ts';

const TIMEOUT_MS = 30_000;
const MAX_LIST_BYTES = 1024 * 1024;
/** A font of all Chinese characters has 20 MB. */
const MAX_FONT_BYTES = 32 * 1024 * 1024;
/** A film has as many as its signs have styles. */
const MAX_FONTS = 64;

/** What begins like a font is one, whatever the file calls it. */
const TYPES: readonly (readonly [magic: string, contentType: string])[] = [
  ['00010000', 'font/ttf'],
  ['74727565', 'font/ttf'],
  ['4f54544f', 'font/otf'],
  ['74746366', 'font/collection'],
];

const Listed = z.object({
  streams: z.array(
    z.object({ index: z.number().int(), tags: z.object({ filename: z.string() }).partial().optional() }),
  ),
});

export interface Fonts extends AsyncDisposable {
  /** A font that is attached to a film, or (null) the numbers of all as JSON. Throws an AgentFailure. */
  bytes(copy: IndexedCopy, font: number | null, signal: AbortSignal): Promise<ByteAnswer>;
}

/** The fonts inside of films, for clients that draw their subtitles themselves. */
export function createFonts(options: { binaries: Binaries | null; cache: SegmentCache }): Fonts {
  const { binaries, cache } = options;
  const queue = new PQueue({ concurrency: 1 });
  const stopped = new AbortController();

  const output = async (program: string, args: string[], max: number, path: string, signal: AbortSignal) => {
    const limits = { signal, timeoutMs: TIMEOUT_MS, maxStdoutBytes: max };
    const result = await run(program, args, limits).catch((error: Error) => {
      throw signal.aborted ? signal.reason : lostProcess(error);
    });
    if (result.limited || result.stdout.length === 0) throw brokenBy(result.stderr, path);
    return result.stdout;
  };
  const make = async ({ ffmpeg, ffprobe }: Binaries, copy: IndexedCopy, font: number | null, signal: AbortSignal) => {
    const { path } = copy;
    if (font === null) return listOf(await output(ffprobe, fontListArguments(path), MAX_LIST_BYTES, path, signal));
    const video = copy.media.video[0]?.index ?? copy.media.audio[0]?.index ?? 0;
    return output(ffmpeg, fontArguments({ path, font, stream: video }), MAX_FONT_BYTES, path, signal);
  };

  return {
    async bytes(copy, font, viewer) {
      if (!binaries) throw new AgentFailure('content', 'not-playable', 'This machine has no ffmpeg.');
      const signal = AbortSignal.any([viewer, stopped.signal]);
      const name = font === null ? 'fonts' : `font${font}`;
      const kept = await cache.get(copy.fingerprint, name);
      const body = kept ?? (await queue.add(() => make(binaries, copy, font, signal), { signal }));
      if (!kept && Buffer.isBuffer(body)) cache.put(copy.fingerprint, name, body);
      const contentType = font === null ? 'application/json' : Buffer.isBuffer(body) ? typeOf(body) : 'font/ttf';
      const etag = `"${copy.fingerprint}-${name}"`;
      return { contentType, etag, body: Buffer.isBuffer(body) ? body : { ...body, start: 0, end: body.size } };
    },
    async [Symbol.asyncDispose]() {
      stopped.abort(new AgentFailure('liveness', 'agent-failed', 'The agent is stopping.'));
      await queue.onIdle();
    },
  };
}

function listOf(said: Buffer): Buffer {
  const listed = Listed.safeParse(JSON.parse(said.toString('utf8')));
  const fonts = (listed.data?.streams ?? [])
    .filter(({ tags }) => /\.(ttf|otf|ttc)$/i.test(tags?.filename ?? ''))
    .slice(0, MAX_FONTS)
    .map(({ index }) => index);
  return Buffer.from(JSON.stringify({ fonts }));
}

function typeOf(font: Buffer): string {
  const magic = font.subarray(0, 4).toString('hex');
  const known = TYPES.find(([begin]) => begin === magic);
  if (!known) throw new AgentFailure('content', 'content-broken', 'What is attached there is no font.');
  return known[1];
}
