import { SUBTITLE_WINDOW_S } from '../../../shared/media/subtitle-windows.ts';
import { type VttCue, writeVtt } from '../../../shared/media/web-vtt.ts';

/** A subtitle that began this long before a window and still stands is found. */
const LEAD_S = 10;

/** Our timeline begins at 0, whatever the container's does: a cue's time is the segments' own. */
const TIMESTAMP_MAP = 'X-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:0';

/** What must be read of a film for a window, in seconds. */
export function windowSpan(window: number): { from: number; seconds: number } {
  const start = window * SUBTITLE_WINDOW_S;
  const from = Math.max(0, start - LEAD_S);
  return { from, seconds: start + SUBTITLE_WINDOW_S - from };
}

/** A window as a segment of HLS: the cues that are shown in it, those that reach over its edges in both windows. */
export function windowText(cues: readonly VttCue[], window: number): string {
  const start = window * SUBTITLE_WINDOW_S;
  const shown = cues.filter((cue) => cue.end > start && cue.start < start + SUBTITLE_WINDOW_S);
  return writeVtt(shown, [TIMESTAMP_MAP]);
}

/** Cues whose times count from `from`, as times of the film. */
export function shifted(cues: readonly VttCue[], from: number): VttCue[] {
  return cues.map((cue) => ({ ...cue, start: cue.start + from, end: cue.end + from }));
}
