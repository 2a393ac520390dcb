import { useEffect } from 'react';
import type { ItemDetail } from '../../../shared/api/items.ts';
import { cardLines } from '../../ui/item-words.ts';

/** Keys of a keyboard, a lock screen or a headset; and the name that the system shows beside them. */
export function useMediaSession(item: ItemDetail | undefined, video: HTMLVideoElement | null): void {
  useEffect(() => {
    if (item === undefined || video === null || !('mediaSession' in navigator)) return;
    const { title, line } = cardLines(item);
    const picture = item.images.poster ?? item.images.thumb;
    navigator.mediaSession.metadata = new MediaMetadata({
      title,
      artist: line,
      artwork: picture === null ? [] : [{ src: `${picture}${picture.includes('?') ? '&' : '?'}w=400` }],
    });
    const seek = (seconds: number) => {
      video.currentTime = seconds;
    };
    const actions: [MediaSessionAction, MediaSessionActionHandler][] = [
      ['play', () => void video.play()],
      ['pause', () => video.pause()],
      ['seekbackward', ({ seekOffset }) => seek(video.currentTime - (seekOffset ?? 10))],
      ['seekforward', ({ seekOffset }) => seek(video.currentTime + (seekOffset ?? 10))],
      ['seekto', ({ seekTime }) => seek(seekTime ?? video.currentTime)],
    ];
    for (const [action, handler] of actions) navigator.mediaSession.setActionHandler(action, handler);
    return () => {
      navigator.mediaSession.metadata = null;
      for (const [action] of actions) navigator.mediaSession.setActionHandler(action, null);
    };
  }, [item, video]);
}
