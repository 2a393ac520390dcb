import { useEffect, useRef, useState } from 'react';
import type { PlayAnswer } from '../../../shared/api/playback.ts';
import { type AssDrawing, drawAss } from './ass-drawing.ts';

/**
 * Draws the chosen track itself where it is ASS. True while it does; false where the track is another, is still on its
 * way (it is read of the film whole), or cannot be drawn here: then its words are shown as plain text.
 */
export function useAss(
  video: HTMLVideoElement | null,
  answer: PlayAnswer | null,
  choice: number | null,
  offset: number,
): boolean {
  const drawing = useRef<AssDrawing | null>(null);
  const latest = useRef(offset);
  const [failed, setFailed] = useState<string | null>(null);
  const [drawn, setDrawn] = useState<string | null>(null);
  const track = choice === null ? undefined : answer?.plan.subtitles[choice];
  const url = choice !== null && track?.ass ? answer?.subtitleUrls[choice]?.replace(/\.vtt$/, '.ass') : undefined;
  const wanted = url !== undefined && url !== failed ? url : null;

  useEffect(() => {
    if (video === null || wanted === null) return;
    const stop = new AbortController();
    const fonts = wanted.replace(/subtitles\/[^/]*$/, 'fonts/fonts.json');
    drawAss(video, { subtitles: wanted, fonts }, latest.current, stop.signal).then(
      (begun) => {
        drawing.current = begun;
        begun.setOffset(latest.current);
        setDrawn(wanted);
      },
      () => stop.signal.aborted || setFailed(wanted),
    );
    return () => {
      stop.abort();
      drawing.current?.close();
      drawing.current = null;
      setDrawn(null);
    };
  }, [video, wanted]);

  useEffect(() => {
    latest.current = offset;
    drawing.current?.setOffset(offset);
  }, [offset]);

  return wanted !== null && drawn === wanted;
}
