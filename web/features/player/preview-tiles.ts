import { readVtt } from '../../../shared/media/web-vtt.ts';

/** A small picture of a span of the film: where it lies on which sheet, in pixels. */
export interface Tile {
  from: number;
  to: number;
  /** The sheet's address, beside the track's. */
  sheet: string;
  x: number;
  y: number;
  width: number;
  height: number;
}

/** The tiles of a track of previews; what is no tile is passed over. */
export function readTiles(text: string): Tile[] {
  return readVtt(text).flatMap((cue) => {
    const match = /^(\d{1,4}\.jpg)#xywh=(\d{1,5}),(\d{1,5}),(\d{1,5}),(\d{1,5})$/.exec(cue.text.trim());
    if (!match) return [];
    const [x = 0, y = 0, width = 0, height = 0] = match.slice(2).map(Number);
    if (width === 0 || height === 0) return [];
    return [{ from: cue.start, to: cue.end, sheet: match[1] as string, x, y, width, height }];
  });
}

/** The tile of a second; the last one behind the end. Null where there are none. */
export function tileAt(tiles: readonly Tile[], seconds: number): Tile | null {
  return tiles.find(({ to }) => seconds < to) ?? tiles.at(-1) ?? null;
}
