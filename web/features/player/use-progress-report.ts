import { type RefObject, useEffect, useRef } from 'react';
import { api } from '../../app/api.ts';

const REPORT_EVERY_MS = 10_000;

/** Tells the server where the film is: regularly while it plays, at every pause and seek, and when the page goes. */
export function useProgressReport(
  video: HTMLVideoElement | null,
  sessionId: string | null,
  position: RefObject<number | null>,
  bitrate: number | null,
): void {
  const rate = useRef(bitrate);
  rate.current = bitrate;

  useEffect(() => {
    if (video === null || sessionId === null) return;
    const stop = new AbortController();
    const { signal } = stop;
    const report = (keepalive = false) => {
      if (position.current === null || video.readyState === 0) return;
      const state = video.paused ? 'paused' : video.readyState < 3 ? 'buffering' : 'playing';
      const shown = rate.current === null ? {} : { bitrate: rate.current };
      const body = { positionMs: Math.round(position.current), state, bufferedMs: bufferedMs(video), ...shown };
      // The next report, or the stop, says it again.
      api.command(`/sessions/${sessionId}/progress`, { method: 'POST', body, keepalive }).catch(() => {});
    };
    const note = () => {
      if (video.readyState > 0 && !video.seeking) position.current = video.currentTime * 1000;
    };
    video.addEventListener('timeupdate', note, { signal });
    // Told at once, so that another device of the same person finds it where it is.
    video.addEventListener('playing', () => report(), { signal });
    video.addEventListener('pause', () => report(), { signal });
    video.addEventListener(
      'seeked',
      () => {
        note();
        report();
      },
      { signal },
    );
    document.addEventListener('visibilitychange', () => document.hidden && report(true), { signal });
    const timer = setInterval(() => video.paused || report(), REPORT_EVERY_MS);
    return () => {
      clearInterval(timer);
      stop.abort();
    };
  }, [video, sessionId, position]);

  // A page that goes away ends its session at once, so that the machine is free; one that comes back plays again.
  useEffect(() => {
    if (sessionId === null) return;
    const stop = new AbortController();
    window.addEventListener(
      'pagehide',
      () => {
        const body = { positionMs: Math.max(0, Math.round(position.current ?? 0)) };
        api.command(`/sessions/${sessionId}/stop`, { method: 'POST', body, keepalive: true }).catch(() => {});
      },
      { signal: stop.signal },
    );
    window.addEventListener('pageshow', (event) => event.persisted && location.reload(), { signal: stop.signal });
    return () => stop.abort();
  }, [sessionId, position]);
}

/** How much is fetched ahead of what is shown. */
function bufferedMs({ buffered, currentTime }: HTMLVideoElement): number {
  for (let i = 0; i < buffered.length; i++) {
    if (buffered.start(i) <= currentTime + 0.1 && buffered.end(i) >= currentTime) {
      return Math.round((buffered.end(i) - currentTime) * 1000);
    }
  }
  return 0;
}
