import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import type { ItemDetail } from '../../../shared/api/items.ts';
import { Backdrop, Poster } from '../../ui/artwork.tsx';
import { count, duration } from '../../ui/format.ts';
import { placeInSeries } from '../../ui/item-words.ts';
import { ProgressBar } from '../../ui/progress-bar.tsx';

/** The top of an item's page: its picture, its name, what can be done with it. */
export function ItemHeader({
  item,
  actions,
  children,
}: {
  item: ItemDetail;
  actions: ReactNode;
  children?: ReactNode;
}) {
  return (
    // Above what follows: buttons there blur what is behind them, and would lie over an open menu, as would the card of a
    // film that plays elsewhere.
    <section className="relative z-1 -mt-15 has-[[data-panel]]:z-25 md:-mt-17">
      <Backdrop item={item} className="h-[26rem] md:h-[38rem]" />
      <div className="gutter relative flex gap-10 pt-52 md:pt-56 lg:items-end">
        <div className="hidden w-60 shrink-0 animate-rise shadow-2xl shadow-black/70 md:block xl:w-68">
          <Poster item={item} sizes="17rem" eager />
        </div>
        <div className="min-w-0 max-w-4xl flex-1 animate-rise md:pb-2">
          {item.series && (
            <Link
              to="/item/$itemId"
              params={{ itemId: item.series.id }}
              search={item.seasonId === null ? {} : { season: item.seasonId }}
              className="mb-1.5 inline-block rounded font-semibold text-amber hover:underline"
            >
              {[item.series.title, placeInSeries(item)].filter(Boolean).join(' · ')}
            </Link>
          )}
          <Title title={item.title} logo={item.logo} />
          {item.originalTitle && item.originalTitle !== item.title && (
            <p className="mt-1.5 text-lg text-sand">{item.originalTitle}</p>
          )}
          <Facts item={item} />
          <div className="mt-6 flex flex-wrap items-center gap-2 sm:gap-3">{actions}</div>
          {item.tagline && <p className="mt-5 text-lg text-sand italic">{item.tagline}</p>}
          {item.overview && <p className="mt-6 max-w-2xl text-[1.05rem] text-pretty text-cream/85">{item.overview}</p>}
          {children}
        </div>
      </div>
    </section>
  );
}

/** Drawn where there is a drawing; screen readers and the page's outline have the words either way. */
function Title({ title, logo }: Pick<ItemDetail, 'title' | 'logo'>) {
  const [failed, setFailed] = useState<string | null>(null);
  const drawn = logo !== null && failed !== logo;
  return (
    <>
      {drawn && (
        <img
          src={`${logo}${logo.includes('?') ? '&' : '?'}w=800`}
          alt=""
          className="mb-2 max-h-28 max-w-[min(100%,24rem)] object-contain object-left drop-shadow-lg md:max-h-36"
          onError={() => setFailed(logo)}
        />
      )}
      <h1
        className={drawn ? 'sr-only' : 'text-4xl leading-[1.08] font-extrabold break-words drop-shadow-lg md:text-5xl'}
      >
        {title}
      </h1>
    </>
  );
}

function Facts({ item }: { item: ItemDetail }) {
  const left = item.durationMs === null ? 0 : item.durationMs - item.user.positionMs;
  const facts = [
    item.year,
    item.episodes !== null && item.kind === 'series' ? count(item.episodes, 'episode') : null,
    item.durationMs === null || item.kind === 'series' ? null : duration(item.durationMs),
    item.certification,
    item.rating == null ? null : `★ ${item.rating.toFixed(1)}`,
  ].filter((fact) => fact !== null);
  return (
    <div className="mt-3 text-cream/80">
      <p className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
        {facts.map((fact, index) => (
          <span key={String(fact)} className="flex items-center gap-2.5">
            {index > 0 && <span className="size-1 rounded-full bg-cream/40" />}
            {fact}
          </span>
        ))}
        {item.library && (
          <Link
            to="/library/$libraryId"
            params={{ libraryId: item.library.id }}
            className="rounded-md border border-cream/20 px-2 text-sm text-sand transition-colors hover:border-cream/40 hover:text-cream"
          >
            {item.library.name}
          </Link>
        )}
      </p>
      {item.user.positionMs > 0 && item.durationMs !== null && (
        <div className="mt-4 flex max-w-sm items-center gap-3">
          <ProgressBar value={item.user.positionMs / item.durationMs} label="Watched" className="flex-1" />
          <span className="text-sm text-sand">{duration(left)} left</span>
        </div>
      )}
    </div>
  );
}
