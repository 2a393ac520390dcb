import { useEffect, useState } from 'react';
import { readTiles, type Tile, tileAt } from './preview-tiles.ts';

/** A pointer that only passes asks for nothing. */
const REST_MS = 90;
/** A film's sheets, of 100 to 200 kB each. */
const MAX_SHEETS_KEPT = 80;

export interface Preview {
  tile: Tile;
  /** The sheet as an image's address; null until it is there. */
  src: string | null;
}

/**
 * The small picture of a second of the film, null where there is none (yet). Nothing is fetched before somebody
 * points at the line, and one sheet at a time.
 */
export function usePreviews(trackUrl: string | null, seconds: number | null): Preview | null {
  const [tiles, setTiles] = useState<readonly Tile[] | null>(null);
  const [sheets, setSheets] = useState<ReadonlyMap<string, string>>(new Map());
  const pointing = seconds !== null;

  useEffect(() => {
    if (trackUrl === null || !pointing || tiles !== null) return;
    const stop = new AbortController();
    fetch(trackUrl, { signal: stop.signal })
      .then((response) => (response.ok ? response.text() : ''))
      .then((text) => setTiles(readTiles(text)))
      .catch(() => {
        // Pointing again asks again.
      });
    return () => stop.abort();
  }, [trackUrl, pointing, tiles]);

  // Another session has other addresses, and its own pictures in memory.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the address is what changes
  useEffect(() => {
    setTiles(null);
    return () =>
      setSheets((known) => {
        for (const src of known.values()) URL.revokeObjectURL(src);
        return new Map();
      });
  }, [trackUrl]);

  const tile = seconds === null || tiles === null ? null : tileAt(tiles, seconds);
  const wanted = tile !== null && !sheets.has(tile.sheet) && sheets.size < MAX_SHEETS_KEPT ? tile.sheet : null;
  useEffect(() => {
    if (trackUrl === null || wanted === null) return;
    const stop = new AbortController();
    const { signal } = stop;
    const timer = setTimeout(async () => {
      try {
        const response = await fetch(trackUrl.replace(/[^/]*$/, wanted), { signal });
        if (!response.ok) return;
        const src = URL.createObjectURL(await response.blob());
        if (signal.aborted) URL.revokeObjectURL(src);
        else setSheets((known) => new Map(known).set(wanted, src));
      } catch {
        // The pointer went on, or the machine is away: the time alone is shown.
      }
    }, REST_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [trackUrl, wanted]);

  return tile && { tile, src: sheets.get(tile.sheet) ?? null };
}
