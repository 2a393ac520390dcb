import { type MediaInfo, mainVideo } from '../../../shared/media/media-info.ts';
import { displaySize } from '../../../shared/media/renditions.ts';

/** How a film's small pictures lie on its sheets. Times in seconds from the film's start. */
export interface SpriteGrid {
  /** From one picture to the next. */
  interval: number;
  columns: number;
  rows: number;
  width: number;
  height: number;
  /** Pictures of the whole film. */
  count: number;
  /** The film's length. */
  seconds: number;
}

/** Tiles fit into a square of this side, so that a film held upright is not taller than the seek bar's preview. */
const LONG_SIDE = 320;
/** Finer for what is short: a preview of ten pictures says nothing. */
const INTERVALS = [
  { upToS: 5 * 60, interval: 2 },
  { upToS: 30 * 60, interval: 5 },
] as const;
const USUAL_INTERVAL = 10;
/** Sixty sheets of the usual size: twelve hours at ten seconds would be three times that. */
const MAX_TILES = 1500;
const COLUMNS = 5;
/** A sheet is made while somebody points at the seek bar: with five rows it took nearly a second. */
const ROWS = 3;
/** Each picture of a sheet has a decoder of its own; in 4K one holds 40 MB. */
const LARGE_PIXELS = 2560 * 1440;
const LARGE_ROWS = 2;

/** The grid of a film; null for sound alone, and where the length is unknown. */
export function spriteGrid(media: Pick<MediaInfo, 'durationMs' | 'video'>): SpriteGrid | null {
  const video = mainVideo(media);
  const seconds = media.durationMs / 1000;
  if (!video || seconds <= 0) return null;
  const usual = INTERVALS.find(({ upToS }) => seconds <= upToS)?.interval ?? USUAL_INTERVAL;
  const interval = Math.max(usual, Math.ceil(seconds / MAX_TILES));
  const size = displaySize(video);
  const scale = LONG_SIDE / Math.max(size.width, size.height);
  const even = (pixels: number) => Math.max(2, Math.round((pixels * scale) / 2) * 2);
  return {
    interval,
    columns: COLUMNS,
    rows: video.width * video.height > LARGE_PIXELS ? LARGE_ROWS : ROWS,
    width: even(size.width),
    height: even(size.height),
    count: Math.ceil(seconds / interval),
    seconds,
  };
}

/** How many sheets hold a grid's pictures. */
export function sheetCount({ count, columns, rows }: SpriteGrid): number {
  return Math.ceil(count / (columns * rows));
}

/** The times of a sheet's pictures: the middle of each one's span. Empty behind the last sheet. */
export function sheetTimes(grid: SpriteGrid, sheet: number): number[] {
  const each = grid.columns * grid.rows;
  const first = sheet * each;
  const tiles = Math.max(0, Math.min(each, grid.count - first));
  return Array.from({ length: tiles }, (_, i) => {
    const from = (first + i) * grid.interval;
    return (from + Math.min(from + grid.interval, grid.seconds)) / 2;
  });
}
