import { Link } from '@tanstack/react-router';
import type { ItemCard } from '../../../shared/api/items.ts';
import { Backdrop } from '../../ui/artwork.tsx';
import { buttonClass } from '../../ui/button.tsx';
import { Icon } from '../../ui/icons.tsx';
import { cardLines } from '../../ui/item-words.ts';

const playable = (item: ItemCard) => item.kind !== 'series' && item.kind !== 'season';

/** The title of the day, large. */
export function Hero({ item }: { item: ItemCard }) {
  const { title, line } = cardLines(item);
  return (
    <section aria-label="Featured" className="relative -mt-15 md:-mt-17">
      <Backdrop item={item} className="h-full" />
      <div className="gutter relative flex min-h-[30rem] flex-col justify-end pt-28 pb-4 md:min-h-[36rem] md:pb-8">
        <div className="max-w-2xl animate-rise">
          <p className="mb-3 flex items-center gap-2 text-sm font-semibold text-amber">
            <span className="h-px w-6 bg-amber/70" />
            Recently added
          </p>
          <h1 className="line-clamp-3 text-4xl leading-[1.05] font-extrabold drop-shadow-lg sm:text-5xl xl:text-6xl">
            {title}
          </h1>
          {line && <p className="mt-3 text-lg text-cream/80">{line}</p>}
          <div className="mt-6 flex flex-wrap gap-3">
            {playable(item) && (
              <Link
                to="/play/$itemId"
                params={{ itemId: item.id }}
                preload={false}
                className={buttonClass('primary', 'lg')}
              >
                <Icon name="play" />
                {item.user.positionMs > 0 ? 'Resume' : 'Play'}
              </Link>
            )}
            <Link
              to="/item/$itemId"
              params={{ itemId: item.id }}
              className={buttonClass(playable(item) ? 'secondary' : 'primary', 'lg')}
            >
              <Icon name="info" />
              {playable(item) ? 'Details' : 'See the episodes'}
            </Link>
          </div>
        </div>
      </div>
    </section>
  );
}
