import type { HlsConfig, LoaderResponse, LoadPolicy, RetryConfig } from 'hls.js';
import type { PlayAnswer } from '../../../shared/api/playback.ts';
import { refetchAfterFlush } from './buffer-gap.ts';
import { directLoader } from './direct/direct-loader.ts';
import type { DirectRoute } from './direct/direct-route.ts';
import type { Engine, EngineEvents } from './engine.ts';
import { playedOut } from './played-out.ts';
import { isFinal, mayWait, outageOf, problemAt, troubleOf } from './trouble.ts';

const MAX_NETWORK_RECOVERIES = 3;
const MAX_MEDIA_RECOVERIES = 2;
/** A recovery this long ago is forgotten. */
const RECOVERY_WINDOW_MS = 60_000;

/** Often, since what is buffered runs out; a machine that is replaced answers the same request, only later. */
const RETRY_DELAY_MS = 1000;
const MAX_TIMEOUTS = 2;

type ShouldRetry = NonNullable<RetryConfig['shouldRetry']>;

/** How long the player waits for a playlist or a segment; `shouldRetry` decides about failures. */
function patience(shouldRetry: ShouldRetry): LoadPolicy {
  const every = { retryDelayMs: RETRY_DELAY_MS, maxRetryDelayMs: RETRY_DELAY_MS, backoff: 'linear' } as const;
  return {
    default: {
      maxTimeToFirstByteMs: 45_000,
      maxLoadTimeMs: 120_000,
      timeoutRetry: { ...every, maxNumRetry: MAX_TIMEOUTS },
      errorRetry: { ...every, maxNumRetry: Number.MAX_SAFE_INTEGER, shouldRetry },
    },
  };
}

/** Subtitles are fetched and drawn by us; hls.js would empty every text track of the element. */
const WITHOUT_SUBTITLES = {
  subtitleStreamController: undefined,
  subtitleTrackController: undefined,
  timelineController: undefined,
} as unknown as Partial<HlsConfig>;

const config = (startMs: number, policy: LoadPolicy): Partial<HlsConfig> => ({
  startPosition: startMs / 1000,
  maxBufferLength: 45,
  maxMaxBufferLength: 90,
  backBufferLength: 60,
  // Fragmented MP4 goes to the browser as it is: there is no work for a worker.
  enableWorker: false,
  lowLatencyMode: false,
  ...WITHOUT_SUBTITLES,
  // Each rendition that is asked for starts an encoder: begin with the one that is probably right, test none.
  testBandwidth: false,
  abrEwmaDefaultEstimate: 10_000_000,
  fragLoadPolicy: policy,
  playlistLoadPolicy: policy,
  manifestLoadPolicy: policy,
});

/** Plays HLS over Media Source Extensions; null where the browser has none. */
export async function hlsEngine(
  video: HTMLVideoElement,
  answer: PlayAnswer,
  startMs: number,
  events: EngineEvents,
  route: DirectRoute,
): Promise<Engine | null> {
  const { default: Hls } = await import('hls.js');
  if (!Hls.isSupported()) return null;
  const closed = new AbortController();
  let outageSince: number | null = null;
  const shouldRetry: ShouldRetry = (_config, _count, _timeout, response: LoaderResponse | undefined, again) => {
    if (!response) return again;
    const now = Date.now();
    const outage = outageOf(response.code ?? 0);
    if (!mayWait(outage, outageSince, now)) return false;
    outageSince ??= now;
    events.onOutage(outage);
    return true;
  };
  const fLoader = directLoader(Hls.DefaultConfig.loader, route);
  const hls = new Hls({ ...config(startMs, patience(shouldRetry)), fLoader });
  const recoveries = { network: [] as number[], media: [] as number[] };

  const recoverable = (kind: keyof typeof recoveries, max: number) => {
    const now = Date.now();
    recoveries[kind] = recoveries[kind].filter((at) => now - at < RECOVERY_WINDOW_MS);
    recoveries[kind].push(now);
    return recoveries[kind].length <= max;
  };

  hls.on(Hls.Events.ERROR, async (_event, data) => {
    if (data.response?.code === 410) {
      hls.stopLoad();
      events.onTrouble({ kind: 'ended' });
      return;
    }
    const url = data.frag?.url ?? data.url ?? answer.url;
    if (isFinal(data.response?.code)) {
      // hls.js would look for another rendition, and go on asking: what a refusal means is the server's to say.
      hls.stopLoad();
      const refusal = await problemAt(url);
      if (refusal === null) return hls.startLoad();
      const trouble = troubleOf(refusal);
      if (trouble.kind === 'failed') await playedOut(video, closed.signal);
      if (!closed.signal.aborted) events.onTrouble(trouble);
      return;
    }
    if (!data.fatal) return;
    if (data.type === Hls.ErrorTypes.MEDIA_ERROR && recoverable('media', MAX_MEDIA_RECOVERIES)) {
      hls.recoverMediaError();
      return;
    }
    const problem = await problemAt(url);
    if (
      data.type === Hls.ErrorTypes.NETWORK_ERROR &&
      problem === null &&
      recoverable('network', MAX_NETWORK_RECOVERIES)
    ) {
      hls.startLoad();
      return;
    }
    hls.stopLoad();
    events.onTrouble(troubleOf(problem ?? data.error));
  });
  hls.on(Hls.Events.MANIFEST_PARSED, () => {
    events.onLevels(
      hls.levels
        .map((level, index) => ({
          index,
          url: level.uri,
          height: level.height,
          bitrate: level.maxBitrate || level.bitrate,
        }))
        // One picture with sound of two codecs is one choice of quality.
        .filter(({ url }, at, all) => all.findIndex((other) => other.url === url) === at),
    );
    events.onReady();
  });
  hls.on(Hls.Events.FRAG_LOADED, () => {
    if (outageSince === null) return;
    outageSince = null;
    events.onOutage(null);
  });
  hls.on(Hls.Events.LEVEL_SWITCHED, (_event, { level }) => events.onLevel(level));

  refetchAfterFlush(hls, Hls.Events, video);

  hls.loadSource(answer.url);
  hls.attachMedia(video);

  return {
    chooseAudio(stream) {
      // In surround and in stereo: those of the level that plays are listed, the better one first.
      const renditions = answer.plan.audio.filter((one) => one.stream === stream);
      const index = hls.audioTracks.findIndex(({ url }) => renditions.some(({ id }) => url.split('/').includes(id)));
      if (index < 0) return false;
      hls.audioTrack = index;
      return true;
    },
    chooseLevel(index) {
      hls.nextLevel = index ?? -1;
    },
    retry() {
      hls.startLoad(video.currentTime);
    },
    close() {
      closed.abort();
      hls.destroy();
    },
  };
}
