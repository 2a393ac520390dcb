import { readFile } from 'node:fs/promises';
import { createServer, type OutgoingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dashManifest } from '../../edge/playback/dash.ts';
import { masterPlaylist, mediaPlaylist } from '../../edge/playback/hls.ts';
import { subtitlePlaylist } from '../../edge/playback/hls-subtitles.ts';
import { decideRange } from '../../shared/media/byte-range.ts';
import type { Plan } from '../../shared/media/plan.ts';
import type { Timeline } from '../../shared/media/timeline.ts';
import { type Opened, wholeOf } from '../agent/playback-stage.ts';

const TYPES: Record<string, string> = { m3u8: 'application/vnd.apple.mpegurl', mpd: 'application/dash+xml' };

/** A page with a video element and one player's script, and the media that it plays: no edge in between. */
export interface SegmentServer extends AsyncDisposable {
  origin: string;
  /** Segments that were asked for, as `rendition/k`, in order. */
  asked: string[];
}

/** `owner` says who makes segment k; the init segments, and the file as it is, come from the owner of the first. */
export async function segmentServer(options: {
  plan: Plan;
  /** Null where the file is played as it is. */
  timeline: Timeline | null;
  /** The player's script. */
  script: URL;
  owner(k: number): Opened;
}): Promise<SegmentServer> {
  const { plan, owner } = options;
  const timeline = options.timeline ?? { runs: [], startTime: 0, frameRate: null, hash: '' };
  const asked: string[] = [];
  const script = await readFile(options.script);
  const page =
    '<!doctype html><link rel="icon" href="data:,"><video muted width="320"></video><script src="/player.js"></script>';

  const answer = async (path: string): Promise<[type: string, body: Buffer | string]> => {
    if (path === '/') return ['text/html', page];
    if (path === '/player.js') return ['text/javascript', script];
    const type = TYPES[path.split('.').at(-1) ?? ''] ?? 'video/mp4';
    if (path === '/master.m3u8') return [type, masterPlaylist(plan)];
    if (path === '/manifest.mpd') return [type, dashManifest(plan, timeline)];
    const [, rendition = '', name = '', window = ''] = path.split('/');
    if (rendition === 'subtitles' && window === 'index.m3u8') return [type, subtitlePlaylist(timeline)];
    if (rendition === 'subtitles') {
      const track = { kind: 'subtitle', stream: Number(name), window: Number.parseInt(window, 10) } as const;
      return ['text/vtt', await wholeOf(await owner(0).bytes(track))];
    }
    if (name === 'index.m3u8') return [type, mediaPlaylist(timeline)];
    if (name === 'init.mp4') return [type, await owner(0).init(rendition)];
    const k = Number.parseInt(name, 10);
    asked.push(`${rendition}/${k}`);
    return [type, await owner(k).segment(rendition, k)];
  };

  /** The film's own file, or what is asked for of it. */
  const file = async (range: string | undefined): Promise<[number, OutgoingHttpHeaders, Buffer]> => {
    const { size, etag } = owner(0).answer.file;
    const decided = decideRange(range, undefined, { size, etag });
    const part = decided.kind === 'part' ? decided.range : null;
    const answered = await owner(0).bytes({ kind: 'file' }, { range: part });
    const headers = { 'content-type': answered.contentType, 'accept-ranges': 'bytes' };
    const partial = part ? { 'content-range': `bytes ${part.start}-${part.end}/${size}` } : {};
    return [part ? 206 : 200, { ...headers, ...partial }, await wholeOf(answered)];
  };

  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const answered =
      pathname === '/file'
        ? file(request.headers.range)
        : answer(pathname).then(([type, body]) => [200, { 'content-type': type }, body] as const);
    answered.then(
      ([status, headers, body]) => response.writeHead(status, headers).end(body),
      (error: Error) => response.writeHead(404).end(error.message),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
