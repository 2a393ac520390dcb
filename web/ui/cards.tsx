import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { ItemCard } from '../../shared/api/items.ts';
import { Poster, Still } from './artwork.tsx';
import { duration } from './format.ts';
import { Icon } from './icons.tsx';
import { cardLines, watchedFraction } from './item-words.ts';
import { ProgressBar } from './progress-bar.tsx';

const POSTER_SIZES = '(min-width: 96rem) 12rem, (min-width: 48rem) 18vw, 45vw';
const STILL_SIZES = '(min-width: 48rem) 22rem, 75vw';

function Frame({ item, children }: { item: ItemCard; children: ReactNode }) {
  const watched = watchedFraction(item);
  return (
    <div className="relative rounded-xl ring-1 ring-cream/8 transition duration-300 ease-hearth group-hover:-translate-y-1 group-hover:shadow-[0_18px_40px_-14px_rgb(0_0_0/0.8)] group-hover:ring-2 group-hover:ring-amber/70">
      {children}
      {item.user.played && (
        <span
          role="img"
          className="absolute top-2 right-2 grid size-6 place-items-center rounded-full bg-coal/80 text-amber backdrop-blur"
          aria-label="Watched"
        >
          <Icon name="check" className="size-3.5" />
        </span>
      )}
      {watched > 0 && !item.user.played && (
        <ProgressBar value={watched} label="Watched" className="absolute inset-x-2.5 bottom-2.5" />
      )}
    </div>
  );
}

function Lines({ item }: { item: ItemCard }) {
  const { title, line } = cardLines(item);
  return (
    <div className="mt-2.5 px-0.5">
      <p className="truncate text-[0.95rem] leading-snug font-semibold">{title}</p>
      <p className="truncate text-sm text-smoke">{line || '\u00a0'}</p>
    </div>
  );
}

/** A title as its poster. */
export function PosterCard({ item, eager = false }: { item: ItemCard; eager?: boolean }) {
  return (
    <TitleCard item={item}>
      <Poster item={item} sizes={POSTER_SIZES} eager={eager} />
    </TitleCard>
  );
}

/** A title as a frame of it: for home videos, and wherever the page leads on to the item. */
export function StillCard({ item, eager = false }: { item: ItemCard; eager?: boolean }) {
  return (
    <TitleCard item={item}>
      <Still item={item} sizes={STILL_SIZES} eager={eager} />
    </TitleCard>
  );
}

function TitleCard({ item, children }: { item: ItemCard; children: ReactNode }) {
  return (
    <Link
      to="/item/$itemId"
      params={{ itemId: item.id }}
      data-testid="card"
      data-title={item.title}
      className="group block rounded-xl"
    >
      <Frame item={item}>{children}</Frame>
      <Lines item={item} />
    </Link>
  );
}

/** A frame that plays at once, from where the viewer stopped; the lines below lead to the item. */
export function PlayCard({ item }: { item: ItemCard }) {
  const left = item.durationMs === null ? null : item.durationMs - item.user.positionMs;
  const resumes = item.user.positionMs > 0 && left !== null;
  return (
    <div className="group" data-testid="card" data-title={item.title}>
      <Link
        to="/play/$itemId"
        params={{ itemId: item.id }}
        preload={false}
        aria-label={`Play ${cardLines(item).title}`}
        className="block rounded-xl"
      >
        <Frame item={item}>
          <Still item={item} sizes={STILL_SIZES} />
          <span className="absolute inset-0 grid place-items-center rounded-xl bg-coal/25 transition group-focus-within:opacity-100 group-hover:opacity-100 md:opacity-0">
            <span className="grid size-13 place-items-center rounded-full bg-coal/65 text-cream backdrop-blur-md">
              <Icon name="play" className="size-6" />
            </span>
          </span>
          {resumes && (
            <span className="absolute top-2.5 left-2.5 rounded-full bg-coal/70 px-2.5 py-0.5 text-xs font-medium backdrop-blur">
              {duration(left)} left
            </span>
          )}
        </Frame>
      </Link>
      <Link to="/item/$itemId" params={{ itemId: item.id }} className="block rounded-lg">
        <Lines item={item} />
      </Link>
    </div>
  );
}

export function CardSkeleton({ wide = false }: { wide?: boolean }) {
  return (
    <div aria-hidden="true">
      <div className={`skeleton rounded-xl ${wide ? 'aspect-video' : 'aspect-2/3'}`} />
      <div className="skeleton mt-3 h-4 w-3/4 rounded" />
      <div className="skeleton mt-2 h-3 w-1/2 rounded" />
    </div>
  );
}
