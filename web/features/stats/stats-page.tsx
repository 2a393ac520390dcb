import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type StatsOf, statsSummaryQuery, topFacetsQuery, topItemsQuery, watchDaysQuery } from '../../app/queries.ts';
import { PosterCard } from '../../ui/cards.tsx';
import { count, duration } from '../../ui/format.ts';
import { Row } from '../../ui/row.tsx';
import { EmptyState, ErrorState, Skeleton } from '../../ui/states.tsx';
import { FacetLink } from '../facets/facet-link.tsx';
import { useIsAdmin } from '../shell/roles.ts';

const DAYS = 30;
const DAY_MS = 24 * 3_600_000;

/** What was watched most, and when. */
export function StatsPage() {
  const [of, setOf] = useState<StatsOf>('me');
  const items = useQuery(topItemsQuery(of));
  return (
    <div className="pt-6 md:pt-8">
      <title>Statistics · Hearthcast</title>
      <div className="gutter mb-6 flex flex-wrap items-center justify-between gap-4">
        <h1 className="text-3xl font-bold md:text-4xl">Statistics</h1>
        {useIsAdmin() && <WhoseTabs of={of} onChoose={setOf} />}
      </div>
      {items.isError && items.data === undefined ? (
        <ErrorState error={items.error} onRetry={() => items.refetch()} />
      ) : items.data?.items.length === 0 ? (
        <EmptyState icon="activity" title="Nothing to count yet">
          Each film or episode that is watched to its end counts once.
        </EmptyState>
      ) : (
        <div className="flex flex-col gap-10">
          <Summary of={of} />
          <Days of={of} />
          <Row kind="poster" title="Watched most">
            {(items.data?.items ?? []).map(({ item, plays, watchedMs }) => (
              <div key={item.id}>
                <PosterCard item={item} />
                <p className="mt-1 text-sm text-smoke">
                  {count(plays, 'play')} · {duration(watchedMs)}
                </p>
              </div>
            ))}
          </Row>
          <div className="gutter grid gap-10 md:grid-cols-3">
            <Tops of={of} kind="genres" title="Genres" />
            <Tops of={of} kind="people" title="People" />
            <Tops of={of} kind="tags" title="Tags" />
          </div>
        </div>
      )}
    </div>
  );
}

function WhoseTabs({ of, onChoose }: { of: StatsOf; onChoose(of: StatsOf): void }) {
  return (
    <div role="tablist" aria-label="Whose" className="flex gap-2">
      {(['me', 'everyone'] as const).map((one) => (
        <button
          key={one}
          type="button"
          role="tab"
          aria-selected={of === one}
          onClick={() => onChoose(one)}
          className="h-10 rounded-full border border-cream/10 px-4.5 font-medium text-sand transition-colors hover:border-cream/25 hover:text-cream aria-selected:border-transparent aria-selected:bg-cream aria-selected:text-coal"
        >
          {one === 'me' ? 'Mine' : 'Everyone’s'}
        </button>
      ))}
    </div>
  );
}

/** All of it in four figures. */
function Summary({ of }: { of: StatsOf }) {
  const { data } = useQuery(statsSummaryQuery(of));
  if (data === undefined) return <Skeleton className="mx-[clamp(1rem,4vw,4.5rem)] h-24 rounded-2xl" />;
  const figures = [
    ['Plays', String(data.all.plays)],
    ['Time', duration(data.all.watchedMs)],
    ['Days with a film', String(data.days)],
    ...(data.titles === null ? [] : [['Titles to choose from', data.titles.toLocaleString('en')]]),
  ];
  return (
    <dl className="gutter grid grid-cols-2 gap-3 lg:grid-cols-4">
      {figures.map(([word, figure]) => (
        <div key={word} className="panel flex flex-col-reverse px-4 py-3.5 sm:px-5">
          <dt className="text-sm text-smoke">{word}</dt>
          <dd className="text-xl font-bold tabular-nums sm:text-2xl">{figure}</dd>
        </div>
      ))}
    </dl>
  );
}

/** The last days as bars; each says its figures to who hovers and to who listens. */
function Days({ of }: { of: StatsOf }) {
  const activity = useQuery(watchDaysQuery(of, DAYS));
  if (activity.data === undefined) return <Skeleton className="mx-[clamp(1rem,4vw,4.5rem)] h-36 rounded-2xl" />;
  const byDate = new Map(activity.data.days.map((day) => [day.date, day]));
  const today = Math.floor(Date.now() / DAY_MS);
  const days = Array.from({ length: DAYS }, (_, i) => {
    const date = new Date((today - DAYS + 1 + i) * DAY_MS).toISOString().slice(0, 10);
    return byDate.get(date) ?? { date, plays: 0, watchedMs: 0 };
  });
  const most = Math.max(1, ...days.map((day) => day.watchedMs));
  const plays = days.reduce((sum, day) => sum + day.plays, 0);
  return (
    <section className="gutter">
      <h2 className="mb-3 text-xl font-semibold">The last {DAYS} days</h2>
      <div className="panel p-4 sm:p-5">
        <ol className="flex h-28 items-end gap-0.5 sm:gap-1">
          {days.map((day) => {
            const words = `${day.date}: ${count(day.plays, 'play')}, ${duration(day.watchedMs)}`;
            return (
              <li key={day.date} title={words} className="flex h-full flex-1 items-end">
                <span
                  className={`w-full rounded-t ${day.plays > 0 ? 'bg-amber' : 'bg-cream/10'}`}
                  style={{ height: `${Math.max(3, (day.watchedMs / most) * 100)}%` }}
                />
                <span className="sr-only">{words}</span>
              </li>
            );
          })}
        </ol>
        <p className="mt-3 text-sm text-sand">
          {count(plays, 'play')}, {duration(days.reduce((sum, day) => sum + day.watchedMs, 0))}
        </p>
      </div>
    </section>
  );
}

function Tops({ of, kind, title }: { of: StatsOf; kind: 'genres' | 'people' | 'tags'; title: string }) {
  const tops = useQuery(topFacetsQuery(kind, of));
  if (!tops.data || tops.data.items.length === 0) return null;
  return (
    <section>
      <h2 className="mb-3 text-xl font-semibold">{title}</h2>
      <ul className="flex flex-wrap gap-2">
        {tops.data.items.map((facet) => (
          <li key={facet.id}>
            <FacetLink facet={facet} hint={count(facet.plays, 'play')} />
          </li>
        ))}
      </ul>
    </section>
  );
}
