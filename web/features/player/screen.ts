import { useEffect, useState } from 'react';

/** Only on iPhones: they put the element itself on the full screen, and nothing else. */
interface PhoneVideo extends HTMLVideoElement {
  webkitEnterFullscreen?(): void;
}

/** Full screen of the whole page, so that it outlives the change to the next episode. */
export function useFullscreen(video: HTMLVideoElement | null) {
  const [active, setActive] = useState(document.fullscreenElement !== null);
  useEffect(() => {
    const stop = new AbortController();
    document.addEventListener('fullscreenchange', () => setActive(document.fullscreenElement !== null), {
      signal: stop.signal,
    });
    return () => stop.abort();
  }, []);
  const toggle = () => {
    if (document.fullscreenElement !== null) document.exitFullscreen().catch(() => {});
    else if (document.documentElement.requestFullscreen)
      document.documentElement.requestFullscreen({ navigationUI: 'hide' }).catch(() => {});
    else (video as PhoneVideo | null)?.webkitEnterFullscreen?.();
  };
  return { active, toggle };
}

export const canPip = () => document.pictureInPictureEnabled === true;

export function togglePip(video: HTMLVideoElement): void {
  const done =
    document.pictureInPictureElement === video ? document.exitPictureInPicture() : video.requestPictureInPicture();
  // Refused without a gesture or before the first frame: nothing to tell.
  done.catch(() => {});
}

const VOLUME_KEY = 'hearthcast.volume';

/** Loudness is the device's, not the film's: it is as it was left. */
export function useRememberedVolume(video: HTMLVideoElement | null): void {
  useEffect(() => {
    if (video === null) return;
    const left = Number(localStorage.getItem(VOLUME_KEY) ?? 1);
    if (left >= 0 && left <= 1) video.volume = left;
    const stop = new AbortController();
    video.addEventListener('volumechange', () => localStorage.setItem(VOLUME_KEY, String(video.volume)), {
      signal: stop.signal,
    });
    return () => stop.abort();
  }, [video]);
}
