import type { CSSProperties } from 'react';
import { clock } from '../../ui/format.ts';
import type { Preview } from './use-previews.ts';

/** The longer side on the screen, in rem: a third of a phone's width, and no more of a large screen's. */
const LONG_REM = 13;
/** A chapter's name beside a picture held upright, or beside none. */
const LABEL_REM = 9;

interface SeekPreviewProps {
  seconds: number;
  /** Where along the line, 0 to 1. */
  fraction: number;
  preview: Preview | null;
  /** The chapter that lies there. */
  chapter: string | null;
}

/** What lies under the pointer or the finger: the picture as soon as it is there, the chapter, the time. */
export function SeekPreview({ seconds, fraction, preview, chapter }: SeekPreviewProps) {
  const width = preview !== null ? sizeOf(preview).width : chapter === null ? 4 : LABEL_REM;
  const half = `${width / 2 + 0.25}rem`;
  return (
    <output
      data-testid="seek-preview"
      className="pointer-events-none absolute bottom-8 flex -translate-x-1/2 flex-col items-center gap-1.5"
      style={{ left: `clamp(${half}, ${(fraction * 100).toFixed(3)}%, calc(100% - ${half}))` }}
    >
      {preview && <Picture preview={preview} />}
      <span
        className="flex flex-col items-center rounded-lg bg-ash-800/95 px-2.5 py-1 text-sm leading-tight shadow-lg"
        style={{ maxWidth: `${Math.max(width, LABEL_REM)}rem` }}
      >
        {chapter !== null && <span className="max-w-full truncate text-sand">{chapter}</span>}
        <span className="font-medium tabular-nums">{clock(seconds * 1000)}</span>
      </span>
    </output>
  );
}

function Picture({ preview }: { preview: Preview }) {
  const { tile, src } = preview;
  const { width, height, scale } = sizeOf(preview);
  const place: CSSProperties = { transform: `scale(${scale}) translate(${-tile.x}px, ${-tile.y}px)` };
  return (
    <span
      className="relative block overflow-hidden rounded-lg border border-cream/20 bg-ash-800 shadow-xl shadow-black/60"
      style={{ width: `${width}rem`, height: `${height}rem` }}
    >
      {src === null ? (
        <span className="absolute inset-0 animate-pulse bg-linear-to-br from-ash-700 to-ash-800" />
      ) : (
        <img
          src={src}
          alt=""
          data-testid="seek-picture"
          draggable={false}
          className="absolute top-0 left-0 max-w-none origin-top-left animate-fade"
          style={place}
        />
      )}
    </span>
  );
}

/** In rem, and the factor from the sheet's pixels. */
function sizeOf({ tile }: Preview): { width: number; height: number; scale: number } {
  const rem = LONG_REM / Math.max(tile.width, tile.height);
  const pixels = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
  return { width: tile.width * rem, height: tile.height * rem, scale: rem * pixels };
}
