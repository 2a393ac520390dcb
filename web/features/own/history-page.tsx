import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { historyQuery } from '../../app/queries.ts';
import { Button } from '../../ui/button.tsx';
import { cardLines } from '../../ui/item-words.ts';
import { EmptyState, ErrorState, Skeleton } from '../../ui/states.tsx';

const DAY = new Intl.DateTimeFormat('en', { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
const TIME = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit' });

/** What a person has watched to its end, day by day. */
export function HistoryPage() {
  const history = useInfiniteQuery(historyQuery);
  const entries = history.data?.pages.flatMap((page) => page.items);
  const days = Map.groupBy(entries ?? [], ({ at }) => DAY.format(at));
  return (
    <div className="gutter pt-6 md:pt-8">
      <title>History · Hearthcast</title>
      <h1 className="mb-6 text-3xl font-bold md:text-4xl">History</h1>
      {history.isPending && [1, 2, 3].map((n) => <Skeleton key={n} className="mb-3 h-16 rounded-2xl" />)}
      {history.isError && entries === undefined && (
        <ErrorState error={history.error} onRetry={() => history.refetch()} />
      )}
      {entries?.length === 0 && (
        <EmptyState icon="film" title="Nothing watched yet">
          What you watch to its end is kept here.
        </EmptyState>
      )}
      {[...days].map(([day, list]) => (
        <section key={day} className="mb-8 max-w-3xl">
          <h2 className="mb-3 font-semibold text-sand">{day}</h2>
          <ul className="flex flex-col gap-2">
            {list.map(({ at, item }) => {
              const { title, line } = cardLines(item);
              return (
                <li key={`${at}/${item.id}`}>
                  <Link
                    to="/item/$itemId"
                    params={{ itemId: item.id }}
                    className="panel flex items-baseline gap-4 px-4 py-3.5 transition-colors hover:bg-cream/5 sm:px-5"
                  >
                    <span className="min-w-0 flex-1">
                      <span className="block truncate font-medium">{title}</span>
                      {line && <span className="block truncate text-sm text-sand">{line}</span>}
                    </span>
                    <time dateTime={new Date(at).toISOString()} className="shrink-0 text-sm text-smoke tabular-nums">
                      {TIME.format(at)}
                    </time>
                  </Link>
                </li>
              );
            })}
          </ul>
        </section>
      ))}
      {history.hasNextPage && (
        <Button busy={history.isFetchingNextPage} onClick={() => history.fetchNextPage()}>
          Earlier
        </Button>
      )}
    </div>
  );
}
