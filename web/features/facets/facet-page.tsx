import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { facetQuery, gridQuery, personQuery } from '../../app/queries.ts';
import { PlayCard } from '../../ui/cards.tsx';
import { count } from '../../ui/format.ts';
import { ItemGrid } from '../../ui/item-grid.tsx';
import { Row } from '../../ui/row.tsx';
import { ErrorState, Skeleton } from '../../ui/states.tsx';

const KINDS = { genre: 'Genre', tag: 'Tag', studio: 'Studio', collection: 'Collection', person: 'Person' } as const;
type Kind = keyof typeof KINDS;

/** All that has one genre, tag, studio or collection, or that one person took part in. */
export function FacetPage() {
  const { facetId } = useParams({ from: '/member/shell/of/$facetId' });
  const facet = useQuery(facetQuery(facetId));
  const kind = facet.data && facet.data.kind in KINDS ? (facet.data.kind as Kind) : null;
  const items = useInfiniteQuery({
    ...gridQuery(null, { [kind ?? 'genre']: facetId, sort: kind === 'collection' ? 'year' : 'added' }),
    enabled: kind !== null,
  });
  const person = useQuery({ ...personQuery(facetId), enabled: kind === 'person' });
  if (facet.isError) return <ErrorState error={facet.error} onRetry={() => facet.refetch()} />;
  const cards = items.data?.pages.flatMap((page) => page.items);
  const episodes = person.data?.episodes ?? [];
  return (
    <div className="pt-6 md:pt-8">
      <title>{facet.data ? `${facet.data.name} · Hearthcast` : 'Hearthcast'}</title>
      <div className="gutter mb-6">
        {kind && <p className="text-sm font-semibold tracking-wide text-smoke uppercase">{KINDS[kind]}</p>}
        {facet.data ? (
          <h1 className="text-3xl font-bold md:text-4xl">{facet.data.name}</h1>
        ) : (
          <Skeleton className="h-10 w-52" />
        )}
        {facet.data?.items != null && <p className="mt-1.5 text-sand">{count(facet.data.items, 'title')}</p>}
      </div>
      {cards?.length !== 0 && (
        <div className="gutter">
          <ItemGrid
            items={cards}
            loadingMore={items.isFetchingNextPage}
            moreError={items.isFetchNextPageError ? items.error : null}
            onMore={items.hasNextPage && !items.isFetching ? () => items.fetchNextPage() : null}
          />
        </div>
      )}
      {episodes.length > 0 && (
        <div className="mt-10">
          <Row kind="still" title="Episodes">
            {episodes.map((episode) => (
              <PlayCard key={episode.id} item={episode} />
            ))}
          </Row>
        </div>
      )}
    </div>
  );
}
