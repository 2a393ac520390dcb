import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { ItemCard, ItemDetail } from '../../../shared/api/items.ts';
import { childrenQuery } from '../../app/queries.ts';
import { buttonClass } from '../../ui/button.tsx';
import { clock } from '../../ui/format.ts';
import { Icon } from '../../ui/icons.tsx';
import { placeInSeries, seasonName } from '../../ui/item-words.ts';
import { EmptyState, ErrorState, Skeleton } from '../../ui/states.tsx';
import { Credits } from './credits.tsx';
import { EpisodeList } from './episode-list.tsx';
import { Extras } from './extras.tsx';
import { ItemHeader } from './item-header.tsx';
import { MoreMenu } from './more-menu.tsx';
import { Similar } from './similar.tsx';
import { UserActions } from './user-actions.tsx';

/** A series: what comes next, and all its seasons. */
export function SeriesPage({ item }: { item: ItemDetail }) {
  const search = useSearch({ from: '/member/shell/item/$itemId' });
  const seasons = useQuery(childrenQuery(item.id));
  const list = seasons.data?.toSorted((a, b) => Number(a.season === 0) - Number(b.season === 0)) ?? [];
  const chosen =
    list.find((season) => season.id === search.season) ??
    list.find((season) => season.season === (item.next?.season ?? -1)) ??
    list.find((season) => season.season !== 0) ??
    list[0];
  return (
    <>
      <ItemHeader
        item={item}
        actions={
          <>
            {item.next && <PlayNext next={item.next} />}
            <UserActions item={item} />
            <MoreMenu item={item} />
          </>
        }
      />
      <section className="gutter mt-12" aria-label="Episodes">
        {seasons.isPending && <Skeleton className="h-11 w-64 rounded-full" />}
        {seasons.isError && seasons.data === undefined && (
          <ErrorState error={seasons.error} onRetry={() => seasons.refetch()} />
        )}
        {seasons.data?.length === 0 && (
          <EmptyState icon="film" title="No episodes yet">
            They appear here as soon as a machine has read them.
          </EmptyState>
        )}
        {chosen && (
          <>
            <SeasonTabs seasons={list} chosen={chosen.id} />
            {chosen.kind === 'episode' ? <EpisodeList episodes={list} /> : <Season season={chosen} />}
          </>
        )}
      </section>
      <Extras item={item} />
      <Credits item={item} />
      <Similar item={item} />
    </>
  );
}

function PlayNext({ next }: { next: ItemCard }) {
  const resumes = next.user.positionMs > 0;
  return (
    <Link
      to="/play/$itemId"
      params={{ itemId: next.id }}
      preload={false}
      data-testid="play"
      className={`${buttonClass('primary', 'lg')} max-sm:w-full`}
    >
      <Icon name="play" />
      {resumes ? 'Resume' : 'Play'} {placeInSeries(next)}
      {resumes && <span className="font-medium opacity-75">at {clock(next.user.positionMs)}</span>}
    </Link>
  );
}

function SeasonTabs({ seasons, chosen }: { seasons: readonly ItemCard[]; chosen: string }) {
  const navigate = useNavigate({ from: '/item/$itemId' });
  if (seasons.length < 2 || seasons[0]?.kind === 'episode')
    return <h2 className="mb-4 text-xl font-semibold">{seasonName(seasons[0]?.season ?? null)}</h2>;
  return (
    <div role="tablist" aria-label="Seasons" className="no-bar mb-6 flex gap-2 overflow-x-auto p-1 -m-1">
      {seasons.map((season) => (
        <button
          key={season.id}
          type="button"
          role="tab"
          aria-selected={season.id === chosen}
          onClick={() => navigate({ search: { season: season.id }, replace: true, resetScroll: false })}
          className="h-10 shrink-0 rounded-full border border-cream/10 px-4.5 font-medium text-sand transition-colors hover:border-cream/25 hover:text-cream aria-selected:border-transparent aria-selected:bg-cream aria-selected:text-coal"
        >
          {seasonName(season.season)}
        </button>
      ))}
    </div>
  );
}

function Season({ season }: { season: ItemCard }) {
  const episodes = useQuery(childrenQuery(season.id));
  if (episodes.isPending)
    return (
      <div className="flex flex-col gap-4">
        {[1, 2, 3, 4].map((n) => (
          <Skeleton key={n} className="h-24 rounded-2xl md:h-32" />
        ))}
      </div>
    );
  if (episodes.isError && episodes.data === undefined)
    return <ErrorState error={episodes.error} onRetry={() => episodes.refetch()} />;
  return <EpisodeList episodes={episodes.data} />;
}
