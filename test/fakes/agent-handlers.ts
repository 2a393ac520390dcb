import { createHash } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import { AgentFailure, type ByteAnswer, type ByteRequest, type LinkHandlers } from '../../agent/link/handlers.ts';
import type { CallAnswer, CallMethod } from '../../shared/protocol/calls.ts';
import type { Capabilities, OpenSession } from '../../shared/protocol/capabilities.ts';

const CAPABILITIES: Capabilities = {
  platform: 'linux',
  arch: 'x64',
  hostname: 'fake',
  cpus: 2,
  memoryBytes: 4_000_000_000,
  ffmpeg: null,
  videoEncoders: [],
  gpus: [],
  transcodeSlots: 1,
};

/** Writes a file of which every megabyte is different, and returns the SHA-256 of the whole. */
export function writeFilm(path: string, size: number): string {
  const hash = createHash('sha256');
  const file = openSync(path, 'w');
  for (let at = 0, n = 0; at < size; at += 1_048_576, n++) {
    const block = Buffer.alloc(Math.min(1_048_576, size - at), `block ${n} of a film; `);
    writeSync(file, block);
    hash.update(block);
  }
  closeSync(file);
  return hash.digest('hex');
}

export interface FilmHandlers extends LinkHandlers {
  /** Sessions that the hello lists. */
  open: OpenSession[];
  readonly calls: { method: CallMethod; params: unknown }[];
  /** How many byte requests were aborted while they were worked on. */
  aborted: number;
}

/**
 * An agent's other rooms, reduced to one film: `file` is the film, `subtitle` a small text, `segment` number k is
 * worked on for k milliseconds, `init` is broken. An image is worked on until it is aborted.
 */
export function filmHandlers(film: { path: string; size: number }): FilmHandlers {
  const handlers: FilmHandlers = {
    open: [],
    calls: [],
    aborted: 0,
    state: () => ({ capabilities: CAPABILITIES, roots: [], sessions: handlers.open }),
    async call<M extends CallMethod>(method: M, params: unknown) {
      handlers.calls.push({ method, params });
      const answers: Partial<Record<CallMethod, unknown>> = { 'library.scan': { started: true }, 'session.close': {} };
      const answer = answers[method];
      if (!answer) throw new AgentFailure('capacity', 'capacity-full', 'All slots are in use');
      return answer as CallAnswer<M>;
    },
    async bytes(request, signal) {
      signal.addEventListener('abort', () => handlers.aborted++, { once: true });
      return answerBytes(film, request, signal);
    },
  };
  return handlers;
}

async function answerBytes(film: { path: string; size: number }, request: ByteRequest, signal: AbortSignal) {
  const { resource, range } = request;
  switch (resource.kind) {
    case 'file': {
      const start = range?.start ?? 0;
      if (start >= film.size) throw new AgentFailure('content', 'range-not-satisfiable', 'There is no such range');
      const end = Math.min(film.size, range?.end != null ? range.end + 1 : film.size);
      const body = { path: film.path, start, end, size: film.size };
      return { contentType: 'video/mp4', etag: '"film"', body } satisfies ByteAnswer;
    }
    case 'subtitle':
      return text('WEBVTT');
    case 'segment':
      await wait(resource.k, signal);
      return text(`segment ${resource.k}`);
    case 'init':
      throw new Error('a fault of the agent');
    case 'trickplay':
    case 'font':
    case 'still':
    case 'image':
      await wait(2 ** 30, signal);
      return text('never');
    default:
      return resource satisfies never;
  }
}

const text = (words: string): ByteAnswer => ({ contentType: 'text/vtt', etag: null, body: Buffer.from(words) });

function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}
