/** Seconds of film in one window of a subtitle track: what a player needs first comes without reading the film whole. */
export const SUBTITLE_WINDOW_S = 60;

/** How many windows a film has. */
export function windowCount(seconds: number): number {
  return Math.max(1, Math.ceil(seconds / SUBTITLE_WINDOW_S));
}
