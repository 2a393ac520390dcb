import { useQuery } from '@tanstack/react-query';
import { Navigate, useParams } from '@tanstack/react-router';
import { itemQuery } from '../../app/queries.ts';
import { cardLines } from '../../ui/item-words.ts';
import { ErrorState, Skeleton } from '../../ui/states.tsx';
import { SeriesPage } from './series-page.tsx';
import { TitlePage } from './title-page.tsx';

/** The page of any item; a season is shown within its series. */
export function ItemPage() {
  const { itemId } = useParams({ from: '/member/shell/item/$itemId' });
  const { data: item, error, isPending, refetch } = useQuery(itemQuery(itemId));
  if (isPending) return <ItemSkeleton />;
  if (item === undefined) return <ErrorState error={error} onRetry={() => refetch()} />;
  if (item.kind === 'season' && item.series)
    return <Navigate to="/item/$itemId" params={{ itemId: item.series.id }} search={{ season: item.id }} replace />;
  return (
    <div key={item.id}>
      <title>{`${cardLines(item).title} · Hearthcast`}</title>
      {item.kind === 'series' || item.kind === 'season' ? <SeriesPage item={item} /> : <TitlePage item={item} />}
    </div>
  );
}

function ItemSkeleton() {
  return (
    <div role="status" aria-label="Loading" className="gutter flex items-end gap-10 pt-36 md:pt-40">
      <Skeleton className="hidden aspect-2/3 w-60 rounded-xl md:block xl:w-68" />
      <div className="flex-1 pb-4">
        <Skeleton className="h-12 w-4/5 max-w-md" />
        <Skeleton className="mt-5 h-5 w-48" />
        <Skeleton className="mt-7 h-13 w-64 rounded-full" />
        <Skeleton className="mt-7 h-20 max-w-xl" />
      </div>
    </div>
  );
}
