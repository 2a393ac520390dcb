import { useEffect, useRef } from 'react';
import type { ItemCard } from '../../shared/api/items.ts';
import { messageOf } from '../app/problem-answer.ts';
import { Button } from './button.tsx';
import { CardSkeleton, PosterCard, StillCard } from './cards.tsx';

const POSTERS =
  'grid-cols-[repeat(auto-fill,minmax(min(9.25rem,42vw),1fr))] xl:grid-cols-[repeat(auto-fill,minmax(11rem,1fr))]';
const STILLS = 'grid-cols-[repeat(auto-fill,minmax(min(19rem,100%),1fr))]';
/** Posters of the first screen are fetched at once, the others when they come near. */
const EAGER = 12;

interface ItemGridProps {
  /** Undefined while the first page is on its way. */
  items: readonly ItemCard[] | undefined;
  loadingMore?: boolean;
  moreError?: unknown;
  /** Fetches the next page; null when there is none or it is on its way. */
  onMore?: (() => void) | null;
}

/** Titles in a grid that asks for more before its end is reached. */
export function ItemGrid({ items, loadingMore = false, moreError = null, onMore = null }: ItemGridProps) {
  const end = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (end.current === null || onMore === null || moreError !== null) return;
    const observer = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && onMore(), {
      rootMargin: '900px',
    });
    observer.observe(end.current);
    return () => observer.disconnect();
  }, [onMore, moreError]);

  const stills = items?.length ? items.every((item) => item.kind === 'video' && item.images.poster === null) : false;
  return (
    <>
      <ul className={`grid gap-x-3.5 gap-y-6 sm:gap-x-5 sm:gap-y-7 ${stills ? STILLS : POSTERS}`}>
        {items?.map((item, index) => (
          <li key={item.id} className="animate-fade [content-visibility:auto] [contain-intrinsic-size:auto_20rem]">
            {stills ? (
              <StillCard item={item} eager={index < EAGER} />
            ) : (
              <PosterCard item={item} eager={index < EAGER} />
            )}
          </li>
        ))}
        {(items === undefined || loadingMore) &&
          Array.from({ length: items === undefined ? 18 : 6 }, (_, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: all are the same
            <li key={`skeleton-${index}`}>
              <CardSkeleton wide={stills} />
            </li>
          ))}
      </ul>
      {moreError !== null && (
        <div role="alert" className="flex flex-col items-center gap-3 py-10 text-sand">
          <p>{messageOf(moreError)}</p>
          <Button icon="refresh" onClick={() => onMore?.()}>
            Load the rest
          </Button>
        </div>
      )}
      <div ref={end} />
    </>
  );
}
