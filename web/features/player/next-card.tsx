import type { ItemCard } from '../../../shared/api/items.ts';
import { Still } from '../../ui/artwork.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import { placeInSeries } from '../../ui/item-words.ts';

interface NextCardProps {
  next: ItemCard;
  /** Until it begins by itself. */
  secondsLeft: number;
  onPlay(): void;
  onDismiss(): void;
}

/** What comes after this episode, while its last seconds run. */
export function NextCard({ next, secondsLeft, onPlay, onDismiss }: NextCardProps) {
  return (
    <aside
      aria-label="Next episode"
      data-testid="next-episode"
      className="absolute right-4 bottom-32 z-20 w-[min(21rem,calc(100vw-2rem))] animate-rise rounded-2xl border border-cream/10 bg-ash-900/95 p-3 shadow-2xl backdrop-blur-xl md:right-8 md:bottom-36"
    >
      <div className="flex items-center justify-between pl-1.5">
        <p className="text-sm font-medium text-amber" aria-live="polite">
          Next in {Math.max(0, Math.ceil(secondsLeft))} s
        </p>
        <IconButton icon="close" label="Stay here" className="size-9" onClick={onDismiss} />
      </div>
      <div className="mt-1 flex items-center gap-3.5">
        <div className="w-32 shrink-0">
          <Still item={next} sizes="8rem" />
        </div>
        <div className="min-w-0">
          <p className="text-sm text-smoke">{placeInSeries(next)}</p>
          <p className="line-clamp-2 leading-snug font-semibold">{next.title}</p>
        </div>
      </div>
      <Button variant="primary" size="sm" icon="play" className="mt-3 w-full" onClick={onPlay}>
        Play now
      </Button>
    </aside>
  );
}
