import type { PlayAnswer } from '../../../shared/api/playback.ts';
import { hlsEngine } from './hls-engine.ts';
import type { Level } from './quality.ts';
import { problemAt, type Trouble, troubleOf } from './trouble.ts';

export interface EngineEvents {
  /** The element can be told to play. */
  onReady(): void;
  onLevels(levels: readonly Level[]): void;
  /** The rendition that is shown now. */
  onLevel(index: number): void;
  onTrouble(trouble: Trouble): void;
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

/** A machine that is being replaced answers again within this many tries. */
const RETRY_DELAYS_MS = [1000, 3000, 6000] as const;

/** The element loads the address by itself: a file by ranges, or HLS where only the browser's own player is. */
function nativeEngine(video: HTMLVideoElement, answer: PlayAnswer, startMs: number, events: EngineEvents): Engine {
  const stop = new AbortController();
  const { signal } = stop;
  let at = startMs / 1000;
  let tries = 0;

  const load = () => {
    video.src = answer.url;
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
    const problem = await problemAt(answer.url);
    if (signal.aborted) return;
    const trouble = troubleOf(problem);
    if (problem === null && code !== MediaError.MEDIA_ERR_NETWORK) events.onTrouble({ kind: 'undecodable' });
    else if (trouble.kind === 'ended' || tries >= RETRY_DELAYS_MS.length)
      events.onTrouble(problem === null ? { kind: 'ended' } : trouble);
    else setTimeout(() => signal.aborted || load(), RETRY_DELAYS_MS[tries++]);
  };

  video.addEventListener('error', onError, { signal });
  video.addEventListener(
    'playing',
    () => {
      tries = 0;
    },
    { signal },
  );
  load();

  return {
    chooseAudio: () => false,
    chooseLevel: () => {},
    retry: load,
    close() {
      stop.abort();
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
): Promise<Engine> {
  if (answer.delivery === 'hls') {
    const engine = await hlsEngine(video, answer, startMs, events);
    if (engine !== null) return engine;
  }
  return nativeEngine(video, answer, startMs, events);
}
