import { useInfiniteQuery } from '@tanstack/react-query';
import { favoritesQuery } from '../../app/queries.ts';
import { ItemGrid } from '../../ui/item-grid.tsx';
import { EmptyState, ErrorState } from '../../ui/states.tsx';

/** What a person has marked with a heart. */
export function FavoritesPage() {
  const items = useInfiniteQuery(favoritesQuery);
  const cards = items.data?.pages.flatMap((page) => page.items);
  return (
    <div className="gutter pt-6 md:pt-8">
      <title>Favourites · Hearthcast</title>
      <h1 className="mb-6 text-3xl font-bold md:text-4xl">Favourites</h1>
      {items.isError && cards === undefined ? (
        <ErrorState error={items.error} onRetry={() => items.refetch()} />
      ) : cards?.length === 0 ? (
        <EmptyState icon="heart" title="No favourites yet">
          Press the heart on a title’s page, and it waits for you here.
        </EmptyState>
      ) : (
        <ItemGrid
          items={cards}
          loadingMore={items.isFetchingNextPage}
          moreError={items.isFetchNextPageError ? items.error : null}
          onMore={items.hasNextPage && !items.isFetching ? () => items.fetchNextPage() : null}
        />
      )}
    </div>
  );
}
