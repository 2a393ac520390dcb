import type { PlayAnswer } from '../../../shared/api/playback.ts';
import { HearthcastError } from '../../../shared/errors.ts';
import type { DirectAddress } from '../../../shared/protocol/direct.ts';
import type { DirectRoute } from './direct/direct-route.ts';
import { mayEmbed } from './direct/permission.ts';
import { hlsEngine } from './hls-engine.ts';
import type { Level } from './quality.ts';
import { mayWait, type Outage, outageOf, problemAt, type Trouble, troubleOf } from './trouble.ts';

export interface EngineEvents {
  /** The element can be told to play. */
  onReady(): void;
  onLevels(levels: readonly Level[]): void;
  /** The rendition that is shown now. */
  onLevel(index: number): void;
  onTrouble(trouble: Trouble): void;
  /** The film is asked for again and again; null when it comes. What is buffered plays meanwhile. */
  onOutage(outage: Outage | null): void;
}

/** What feeds the video element. */
export interface Engine {
  /** Changes the audio track within the stream; false where the film must be played again for it. */
  chooseAudio(stream: number): boolean;
  /** Null lets the engine choose. */
  chooseLevel(index: number | null): void;
  /** Asks again after the network was gone. */
  retry(): void;
  close(): void;
}

const RETRY_DELAY_MS = 1000;

/** Longer than a segment waits: an element stays with the address that it has begun with. */
const FIRST_WAIT_MS = 1_200;

/** The element loads the address by itself: a file by ranges, or HLS where only the browser's own player is. */
function nativeEngine(
  video: HTMLVideoElement,
  answer: PlayAnswer,
  startMs: number,
  events: EngineEvents,
  route: DirectRoute,
): Engine {
  const stop = new AbortController();
  const { signal } = stop;
  let at = startMs / 1000;
  let outageSince: number | null = null;
  let waiting: ReturnType<typeof setTimeout> | undefined;

  /** The machine's own address that the element was given; null is the server's. */
  let direct: DirectAddress | null = null;

  const load = () => {
    const found = answer.delivery === 'file' ? route.at('file') : null;
    direct = found && mayEmbed(found.address, location) ? found.address : null;
    video.src = found && direct ? found.url : answer.url;
    video.addEventListener(
      'loadedmetadata',
      () => {
        if (at > 0) video.currentTime = at;
        events.onReady();
      },
      { once: true, signal },
    );
  };

  const onError = async () => {
    const code = video.error?.code;
    if (video.currentTime > 0) at = video.currentTime;
    if (direct) {
      // Whatever it was, the server is asked for the same: only it says what is wrong with a file.
      route.failed(direct);
      return load();
    }
    const problem = await problemAt(answer.url);
    if (signal.aborted) return;
    if (problem === null && code !== MediaError.MEDIA_ERR_NETWORK) return events.onTrouble({ kind: 'undecodable' });
    const outage = problem instanceof HearthcastError ? outageOf(problem.status) : 'server-away';
    const now = Date.now();
    if (!mayWait(outage, outageSince, now)) return events.onTrouble(troubleOf(problem));
    outageSince ??= now;
    events.onOutage(outage);
    waiting = setTimeout(load, RETRY_DELAY_MS);
  };

  /** An element asks a machine that is gone again and again for half a minute before it says so. */
  const onWaiting = async () => {
    const asked = direct;
    if (!asked || (await route.holds(asked)) || signal.aborted || direct !== asked) return;
    if (video.currentTime > 0) at = video.currentTime;
    load();
  };

  video.addEventListener('error', onError, { signal });
  video.addEventListener('waiting', onWaiting, { signal });
  video.addEventListener('stalled', onWaiting, { signal });
  video.addEventListener(
    'playing',
    () => {
      outageSince = null;
      if (direct) route.worked();
      events.onOutage(null);
    },
    { signal },
  );
  void route.ready(FIRST_WAIT_MS).then(() => signal.aborted || load());

  return {
    chooseAudio: () => false,
    chooseLevel: () => {},
    retry: load,
    close() {
      stop.abort();
      clearTimeout(waiting);
      video.removeAttribute('src');
      video.load();
    },
  };
}

/** Puts what the server answered into the element, from `startMs` on. */
export async function startEngine(
  video: HTMLVideoElement,
  answer: PlayAnswer,
  startMs: number,
  events: EngineEvents,
  route: DirectRoute,
): Promise<Engine> {
  if (answer.delivery === 'hls') {
    const engine = await hlsEngine(video, answer, startMs, events, route);
    if (engine !== null) return engine;
  }
  return nativeEngine(video, answer, startMs, events, route);
}
