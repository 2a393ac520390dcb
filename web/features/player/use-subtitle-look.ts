import { useState } from 'react';
import { keepSubtitleOffset, keepSubtitleSize, subtitleOffset, subtitleSize } from './subtitle-preferences.ts';

/** When and how large subtitles are shown: the offset of this title, and the size in this browser. */
export function useSubtitleLook(itemId: string) {
  const [offset, setOffset] = useState(() => subtitleOffset(localStorage, itemId));
  const [size, setSize] = useState(() => subtitleSize(localStorage));
  return {
    offset,
    size,
    setOffset(seconds: number) {
      setOffset(seconds);
      keepSubtitleOffset(localStorage, itemId, seconds);
    },
    setSize(next: number) {
      setSize(next);
      keepSubtitleSize(localStorage, next);
    },
  };
}
