import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { facetListQuery } from '../../app/queries.ts';
import { artHues } from '../../ui/art-hues.ts';
import { Button } from '../../ui/button.tsx';
import { count } from '../../ui/format.ts';
import { NotFound } from '../../ui/route-states.tsx';
import { EmptyState, ErrorState, Skeleton } from '../../ui/states.tsx';
import { useIsAdmin } from '../shell/roles.ts';
import { FACET_LISTS, type FacetList, isFacetList } from './facet-kinds.ts';
import { FacetTabs } from './facet-tabs.tsx';

/** All genres, people, collections, studios or tags, by name. */
export function FacetListPage() {
  const { kind } = useParams({ from: '/member/shell/by/$kind' });
  return isFacetList(kind) ? <FacetsByName kind={kind} /> : <NotFound />;
}

function FacetsByName({ kind }: { kind: FacetList }) {
  const { title, none } = FACET_LISTS[kind];
  const admin = useIsAdmin();
  const list = useInfiniteQuery(facetListQuery(kind));
  const facets = list.data?.pages.flatMap((page) => page.items);
  return (
    <div className="gutter pt-6 md:pt-8">
      <title>{`${title} · Hearthcast`}</title>
      <h1 className="mb-5 text-3xl font-bold md:text-4xl">{title}</h1>
      <FacetTabs />
      {list.isError && facets === undefined && <ErrorState error={list.error} onRetry={() => list.refetch()} />}
      {facets?.length === 0 && (
        <EmptyState icon="film" title="None yet">
          {admin ? none : 'As soon as there is a title for you that has one, it appears here.'}
        </EmptyState>
      )}
      <ul className="grid grid-cols-[repeat(auto-fill,minmax(min(15rem,100%),1fr))] gap-3" data-testid="facets">
        {list.isPending && Array.from({ length: 12 }, (_, n) => n).map((n) => <Skeleton key={n} className="h-17" />)}
        {facets?.map((facet) => (
          <li key={facet.id}>
            <Link
              to="/of/$facetId"
              params={{ facetId: facet.id }}
              className="flex min-h-17 items-center gap-4 rounded-xl bg-cream/5 px-4 py-3 ring-1 ring-cream/6 transition-colors hover:bg-cream/10"
            >
              <span
                aria-hidden="true"
                className="grid size-10 shrink-0 place-items-center rounded-full font-semibold text-cream/90"
                style={{ background: `oklch(0.4 0.08 ${artHues(facet.name)[0]})` }}
              >
                {[...facet.name][0]?.toUpperCase()}
              </span>
              <span className="min-w-0">
                <span className="block truncate font-medium">{facet.name}</span>
                {facet.items !== null && (
                  <span className="block text-sm text-smoke">{count(facet.items, 'title')}</span>
                )}
              </span>
            </Link>
          </li>
        ))}
      </ul>
      {list.hasNextPage && (
        <div className="mt-6 flex justify-center">
          <Button busy={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
            Show more
          </Button>
        </div>
      )}
    </div>
  );
}
