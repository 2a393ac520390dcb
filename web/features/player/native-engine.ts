import type { PlayAnswer } from '../../../shared/api/playback.ts';
import { HearthcastError } from '../../../shared/errors.ts';
import type { DirectAddress } from '../../../shared/protocol/direct.ts';
import type { DirectRoute } from './direct/direct-route.ts';
import { mayEmbed } from './direct/permission.ts';
import type { Engine, EngineEvents } from './engine.ts';
import { mayWait, outageOf, problemAt, troubleOf } from './trouble.ts';

const RETRY_DELAY_MS = 1000;

/** Longer than a segment waits: an element stays with the address that it has begun with. */
const FIRST_WAIT_MS = 1_200;

/** The element loads the address by itself: a file by ranges, or HLS where only the browser's own player is. */
export function nativeEngine(
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
  /** What the viewer wants: an element that is given another address is paused by the browser. */
  let paused = false;

  const wayNow = () => {
    const found = answer.delivery === 'file' ? route.at('file') : null;
    return found && mayEmbed(found.address, location) ? found : null;
  };

  const load = () => {
    const found = wayNow();
    direct = found?.address ?? null;
    video.src = found?.url ?? answer.url;
    video.addEventListener(
      'loadedmetadata',
      () => {
        // Who has sought meanwhile is there already.
        if (at > 0 && video.currentTime === 0) video.currentTime = at;
        if (!paused) events.onReady();
      },
      { once: true, signal },
    );
  };

  /** The machine may have proved itself again: where the film has to be fetched anyway, it is asked. */
  const goBack = () => {
    if (direct || video.error || video.readyState === 0 || !wayNow() || isBuffered(video)) return;
    at = video.currentTime;
    load();
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
    if (!asked) return goBack();
    if ((await route.holds(asked)) || signal.aborted || direct !== asked) return;
    if (video.currentTime > 0) at = video.currentTime;
    load();
  };

  const wish = ({ type }: Event) => {
    // An element that has lost its bytes is paused by the browser as well.
    if (type === 'play') paused = false;
    else if (video.error === null && video.readyState > 0 && outageSince === null) paused = true;
  };
  video.addEventListener('play', wish, { signal });
  video.addEventListener('pause', wish, { signal });
  video.addEventListener('seeking', goBack, { signal });
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

/** Whether what is to be shown next is there already. */
function isBuffered({ buffered, currentTime }: HTMLVideoElement): boolean {
  for (let i = 0; i < buffered.length; i++) {
    if (buffered.start(i) <= currentTime && buffered.end(i) > currentTime) return true;
  }
  return false;
}
