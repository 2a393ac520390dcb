import { useMemo, useSyncExternalStore } from 'react';

export interface VideoState {
  paused: boolean;
  ended: boolean;
  /** It wants to play and cannot yet. */
  waiting: boolean;
  seconds: number;
  buffered: readonly (readonly [from: number, to: number])[];
  volume: number;
  muted: boolean;
  rate: number;
}

const EVENTS = [
  'play',
  'pause',
  'playing',
  'waiting',
  'seeking',
  'seeked',
  'ended',
  'timeupdate',
  'progress',
  'volumechange',
  'ratechange',
  'canplay',
  'emptied',
  'loadedmetadata',
] as const;

const NOTHING: VideoState = {
  paused: true,
  ended: false,
  waiting: true,
  seconds: 0,
  buffered: [],
  volume: 1,
  muted: false,
  rate: 1,
};

function read(video: HTMLVideoElement): VideoState {
  const buffered = Array.from(
    { length: video.buffered.length },
    (_, i) => [video.buffered.start(i), video.buffered.end(i)] as const,
  );
  return {
    paused: video.paused,
    ended: video.ended,
    waiting: video.readyState < 3 && !video.ended,
    seconds: video.currentTime,
    buffered,
    volume: video.volume,
    muted: video.muted,
    rate: video.playbackRate,
  };
}

/** The element's state, followed by its own events. */
export function useVideoState(video: HTMLVideoElement | null): VideoState {
  const source = useMemo(() => {
    let state = video === null ? NOTHING : read(video);
    return {
      get: () => state,
      subscribe(listener: () => void) {
        if (video === null) return () => {};
        const stop = new AbortController();
        const update = () => {
          state = read(video);
          listener();
        };
        for (const name of EVENTS) video.addEventListener(name, update, { signal: stop.signal });
        update();
        return () => stop.abort();
      },
    };
  }, [video]);
  return useSyncExternalStore(source.subscribe, source.get);
}
