import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Home } from '../../../shared/api/items.ts';
import { homeQuery, librariesQuery } from '../../app/queries.ts';
import { CardSkeleton, PlayCard, PosterCard, StillCard } from '../../ui/cards.tsx';
import { Icon } from '../../ui/icons.tsx';
import { Row } from '../../ui/row.tsx';
import { ErrorState, Skeleton } from '../../ui/states.tsx';
import { useStore } from '../../ui/store.ts';
import { liveScans, runningScans } from '../events/scans.ts';
import { featured } from './featured.ts';
import { Hero } from './hero.tsx';
import { ScanPanel } from './scan-panel.tsx';
import { Welcome } from './welcome.tsx';

export function HomePage() {
  const home = useQuery(homeQuery);
  const libraries = useQuery(librariesQuery).data?.items;
  const scans = runningScans(libraries ?? [], useStore(liveScans));

  if (home.isPending) return <HomeSkeleton />;
  if (home.isError && home.data === undefined) return <ErrorState error={home.error} onRetry={() => home.refetch()} />;

  const hero = featured(home.data, Date.now());
  return (
    <>
      <title>Hearthcast</title>
      {hero === null ? (
        <Welcome scans={scans} libraries={libraries ?? []} />
      ) : (
        <>
          <Hero item={hero} />
          {scans.length > 0 && (
            <div className="gutter relative z-10 mt-6">
              <ScanPanel scans={scans} />
            </div>
          )}
          <Rows home={home.data} />
        </>
      )}
    </>
  );
}

function Rows({ home }: { home: Home }) {
  const shelves = home.recent.filter((shelf) => shelf.items.length > 0);
  return (
    <div className="relative z-10 mt-7 flex flex-col gap-7 md:gap-9">
      {home.continueWatching.length > 0 && (
        <Row title="Continue watching" kind="still">
          {home.continueWatching.map((item) => (
            <PlayCard key={item.id} item={item} />
          ))}
        </Row>
      )}
      {home.nextUp.length > 0 && (
        <Row title="Next up" kind="still">
          {home.nextUp.map((item) => (
            <PlayCard key={item.id} item={item} />
          ))}
        </Row>
      )}
      {home.favorites.length > 0 && (
        <Row
          kind="poster"
          title={
            <Link to="/favorites" className="group inline-flex items-center gap-1.5 rounded-lg">
              Favourites
              <Icon
                name="forward"
                className="size-4 text-smoke transition group-hover:translate-x-0.5 group-hover:text-amber"
              />
            </Link>
          }
        >
          {home.favorites.map((item) => (
            <PosterCard key={item.id} item={item} />
          ))}
        </Row>
      )}
      {shelves.map(({ library, items }) => {
        const stills = items.every((item) => item.kind === 'video' && item.images.poster === null);
        return (
          <Row
            key={library.id}
            kind={stills ? 'still' : 'poster'}
            title={
              <Link
                to="/library/$libraryId"
                params={{ libraryId: library.id }}
                className="group inline-flex items-center gap-1.5 rounded-lg"
              >
                New in {library.name}
                <Icon
                  name="forward"
                  className="size-4 text-smoke transition group-hover:translate-x-0.5 group-hover:text-amber"
                />
              </Link>
            }
          >
            {items.map((item) =>
              stills ? <StillCard key={item.id} item={item} /> : <PosterCard key={item.id} item={item} />,
            )}
          </Row>
        );
      })}
    </div>
  );
}

function HomeSkeleton() {
  return (
    <div role="status" aria-label="Loading">
      <div className="gutter flex h-[26rem] flex-col justify-end gap-4 pb-6 md:h-[32rem]">
        <Skeleton className="h-12 w-72 md:w-[28rem]" />
        <Skeleton className="h-5 w-48" />
        <Skeleton className="h-12 w-36 rounded-full" />
      </div>
      <div className="gutter mt-8 flex gap-5 overflow-hidden">
        {Array.from({ length: 8 }, (_, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: all are the same
          <div key={i} className="w-40 shrink-0 xl:w-[11.25rem]">
            <CardSkeleton />
          </div>
        ))}
      </div>
    </div>
  );
}
