import { useRef, useState } from 'react';
import { Icon } from '../../ui/icons.tsx';
import { type Tap, tapMeaning } from './taps.ts';

interface TapLayerProps {
  onToggleControls(): void;
  onSeekBy(seconds: number): void;
  onTogglePlay(): void;
  onToggleFullscreen(): void;
}

/** The picture as something to press: a finger shows the controls or skips, a mouse plays and pauses. */
export function TapLayer({ onToggleControls, onSeekBy, onTogglePlay, onToggleFullscreen }: TapLayerProps) {
  const last = useRef<Tap | null>(null);
  const [skip, setSkip] = useState<{ id: number; direction: number } | null>(null);
  return (
    <div
      className="absolute inset-0 touch-manipulation"
      aria-hidden="true"
      onPointerUp={(event) => {
        if (event.button !== 0) return;
        if (event.pointerType === 'mouse') return onTogglePlay();
        const tap = { at: event.timeStamp, x: event.clientX / window.innerWidth };
        const meaning = tapMeaning(tap, last.current);
        last.current = tap;
        if (meaning === 'toggle-controls') return onToggleControls();
        setSkip({ id: event.timeStamp, direction: meaning.seekBy });
        onSeekBy(meaning.seekBy);
      }}
      onDoubleClick={(event) => {
        if ((event.nativeEvent as globalThis.PointerEvent).pointerType !== 'touch' && last.current === null)
          onToggleFullscreen();
      }}
    >
      {skip && (
        <span
          key={skip.id}
          onAnimationEnd={() => setSkip(null)}
          className={`absolute top-1/2 grid size-24 -translate-y-1/2 animate-[fade_0.5s_ease-out_reverse_both] place-items-center rounded-full bg-cream/15 ${skip.direction < 0 ? 'left-[10%]' : 'right-[10%]'}`}
        >
          <Icon name={skip.direction < 0 ? 'back' : 'forward'} className="size-9" />
        </span>
      )}
    </div>
  );
}
