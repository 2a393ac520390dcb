import type { Supports } from './device-profile.ts';

declare global {
  interface Window {
    ManagedMediaSource?: typeof MediaSource;
  }
}

const source = () => window.ManagedMediaSource ?? window.MediaSource;

/** Asks this browser. */
export function browserSupports(): Supports {
  const video = document.createElement('video');
  const file = (mime: string) => video.canPlayType(mime) !== '';
  const media = source();
  return {
    file,
    segment: media === undefined ? file : (mime) => media.isTypeSupported(mime),
    hdrScreen: matchMedia('(dynamic-range: high)').matches,
  };
}
