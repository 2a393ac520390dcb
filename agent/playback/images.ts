import { open } from 'node:fs/promises';
import PQueue from 'p-queue';
import { isHdr } from '../../shared/media/media-info.ts';
import type { Resource } from '../../shared/protocol/resources.ts';
import { run } from '../ffmpeg/process.ts';
import { frameArguments, pictureArguments } from '../ffmpeg/still-arguments.ts';
import type { CopyLookup, ImageSource } from '../library/copies.ts';
import { AgentFailure, type ByteAnswer } from '../link/handlers.ts';
import { inLight } from './in-light.ts';
import { demuxerOf, isClear, typeOfMade } from './picture-formats.ts';
import { brokenBy, lostProcess } from './process-failure.ts';
import type { SegmentCache } from './segment-cache.ts';

/** Pictures must not take the machine from the films. */
const AT_ONCE = 2;
const TIMEOUT_MS = 30_000;
const MAX_JPEG_BYTES = 16 * 1024 * 1024;
/** Enough of a file to know its kind. */
const MAGIC_BYTES = 32;

export interface Images extends AsyncDisposable {
  /** A JPEG, or of a clear picture a PNG, of at most this width in pixels. Throws an AgentFailure. */
  bytes(id: string, width: number, signal: AbortSignal): Promise<ByteAnswer>;
  /** The picture of a copy at a time, as the same. */
  still(wanted: Still, signal: AbortSignal): Promise<ByteAnswer>;
}

type Still = Extract<Resource, { kind: 'still' }>;

export function createImages(options: { ffmpeg: string | null; cache: SegmentCache; copies: CopyLookup }): Images {
  const { ffmpeg, cache, copies } = options;
  const queue = new PQueue({ concurrency: AT_ONCE });
  const stopped = new AbortController();

  const make = async (source: ImageSource, width: number, signal: AbortSignal): Promise<Buffer> => {
    if (!ffmpeg) throw new AgentFailure('content', 'not-playable', 'This machine has no ffmpeg.');
    const limits = { signal, timeoutMs: TIMEOUT_MS, maxStdoutBytes: MAX_JPEG_BYTES };
    const args = await argumentsOf(source, width);
    const hdr = source.kind === 'frame' && source.hdr;
    const result = await inLight(hdr, (tonemap) => run(ffmpeg, args(tonemap), limits)).catch((error: Error) => {
      throw signal.aborted ? signal.reason : lostProcess(error);
    });
    if (result.code !== 0 || result.limited || result.stdout.length === 0) throw brokenBy(result.stderr, source.path);
    return result.stdout;
  };

  const keptOr = async (folder: string, name: string, source: ImageSource, width: number, viewer: AbortSignal) => {
    const signal = AbortSignal.any([viewer, stopped.signal]);
    const answer = (body: Buffer): ByteAnswer => ({ contentType: typeOfMade(body), etag: `"${folder}-${name}"`, body });
    const cached = await cache.get(folder, name);
    if (Buffer.isBuffer(cached)) return answer(cached);
    const jpeg = await queue.add(() => make(source, width, signal), { signal });
    cache.put(folder, name, jpeg);
    return answer(jpeg);
  };

  return {
    async bytes(id, width, viewer) {
      const source = copies.image(id);
      if (!source) throw new AgentFailure('content', 'not-found', 'This machine does not have the picture.');
      const name = source.kind === 'frame' && source.hdr ? `w${width}s` : `w${width}`;
      return keptOr(id, name, source, width, viewer);
    },
    async still({ copy: key, fingerprint, atMs, width }, viewer) {
      const copy = copies.copy(key);
      if (copy?.fingerprint !== fingerprint) {
        throw new AgentFailure('content', 'not-found', 'This machine does not have the file.');
      }
      const hdr = isHdr(copy.media);
      const name = `t${atMs}w${width}${hdr ? 's' : ''}`;
      return keptOr(fingerprint, name, { kind: 'frame', path: copy.path, atMs, hdr }, width, viewer);
    },
    async [Symbol.asyncDispose]() {
      stopped.abort(new AgentFailure('liveness', 'agent-failed', 'The agent is stopping.'));
      await queue.onIdle();
    },
  };
}

/** The argv that makes a picture, tone-mapped or not. Throws an AgentFailure. */
async function argumentsOf(source: ImageSource, width: number): Promise<(tonemap: boolean) => string[]> {
  const { path } = source;
  if (source.kind === 'frame') {
    return (tonemap) => frameArguments({ path, seconds: source.atMs / 1000, width, tonemap });
  }
  const format = await formatOfFile(path);
  return () => pictureArguments({ path, ...format, width });
}

async function formatOfFile(path: string): Promise<{ demuxer: string; clear: boolean }> {
  const handle = await open(path).catch(() => {
    throw new AgentFailure('content', 'not-found', 'The picture is no longer there.');
  });
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(MAGIC_BYTES), 0, MAGIC_BYTES, 0);
    const head = buffer.subarray(0, bytesRead);
    const demuxer = demuxerOf(head);
    if (!demuxer) throw new AgentFailure('content', 'content-broken', 'The file is no picture that is known here.');
    return { demuxer, clear: isClear(head) };
  } finally {
    await handle.close();
  }
}
