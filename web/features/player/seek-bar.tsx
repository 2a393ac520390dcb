import { type CSSProperties, type PointerEvent, useRef, useState } from 'react';
import { clock } from '../../ui/format.ts';
import { chapterAt, type FilmChapter } from './chapters.ts';
import { SeekPreview } from './seek-preview.tsx';
import { usePreviews } from './use-previews.ts';
import type { VideoState } from './use-video-state.ts';

const STEP_S = 5;

interface SeekBarProps {
  state: VideoState;
  /** Seconds. */
  duration: number;
  chapters: readonly FilmChapter[];
  /** Address of the track of previews; null where there are none. */
  previews: string | null;
  onSeek(seconds: number): void;
  /** A finger or the mouse holds the line: the controls must stay. */
  onHold(held: boolean): void;
}

const percent = (fraction: number) => `${(Math.min(1, Math.max(0, fraction)) * 100).toFixed(3)}%`;

/** The film as a line: what is played, what is buffered, what lies under the pointer. */
export function SeekBar({ state, duration, chapters, previews, onSeek, onHold }: SeekBarProps) {
  const line = useRef<HTMLDivElement>(null);
  const [hover, setHover] = useState<number | null>(null);
  const [dragged, setDragged] = useState<number | null>(null);
  const length = Math.max(duration, 0.001);
  const shown = dragged ?? state.seconds;
  const pointed = dragged ?? hover;
  const preview = usePreviews(previews, pointed);

  const secondsAt = (event: PointerEvent) => {
    const box = line.current?.getBoundingClientRect();
    if (box === undefined || box.width === 0) return 0;
    return Math.min(1, Math.max(0, (event.clientX - box.left) / box.width)) * duration;
  };
  const release = () => {
    setDragged(null);
    onHold(false);
  };
  const played: CSSProperties = { width: percent(shown / length) };
  return (
    <div
      role="slider"
      tabIndex={0}
      aria-label="Position"
      aria-valuemin={0}
      aria-valuemax={Math.round(duration)}
      aria-valuenow={Math.round(shown)}
      aria-valuetext={`${clock(shown * 1000)} of ${clock(duration * 1000)}`}
      data-testid="seek-bar"
      className="group relative flex h-7 cursor-pointer touch-none items-center rounded"
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        setDragged(secondsAt(event));
        onHold(true);
      }}
      onPointerMove={(event) => {
        setHover(secondsAt(event));
        if (dragged !== null) setDragged(secondsAt(event));
      }}
      onPointerLeave={() => setHover(null)}
      onPointerUp={(event) => {
        if (dragged === null) return;
        release();
        if (event.pointerType !== 'mouse') setHover(null);
        onSeek(secondsAt(event));
      }}
      onPointerCancel={release}
      onKeyDown={(event) => {
        const step = { PageUp: STEP_S * 12, PageDown: -STEP_S * 12 }[event.key];
        if (step === undefined) return;
        event.preventDefault();
        onSeek(state.seconds + step);
      }}
    >
      <div
        ref={line}
        className="relative h-1 w-full overflow-hidden rounded-full bg-cream/25 transition-[height] group-hover:h-1.5"
      >
        {state.buffered.map(([from, to]) => (
          <div
            key={from}
            className="absolute inset-y-0 bg-cream/30"
            style={{ left: percent(from / length), width: percent((to - from) / length) }}
          />
        ))}
        <div className="absolute inset-y-0 left-0 bg-linear-to-r from-ember to-amber" style={played} />
        {chapters.map(({ index, start }) =>
          start > 0 ? (
            <div
              key={index}
              className="absolute inset-y-0 w-0.5 bg-coal/80"
              style={{ left: percent(start / length) }}
            />
          ) : null,
        )}
      </div>
      <div
        className={`absolute size-3.5 -translate-x-1/2 rounded-full bg-cream shadow-md transition-transform group-hover:scale-110 group-focus-visible:scale-125 ${dragged === null ? '' : 'scale-125'}`}
        style={{ left: percent(shown / length) }}
      />
      {pointed !== null && (
        <SeekPreview
          seconds={pointed}
          fraction={pointed / length}
          preview={preview}
          chapter={chapterAt(chapters, pointed)?.title ?? null}
        />
      )}
    </div>
  );
}
