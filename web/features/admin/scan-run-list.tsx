import { useInfiniteQuery } from '@tanstack/react-query';
import type { ScanRun } from '../../../shared/api/scans.ts';
import { scanRunsQuery } from '../../app/queries.ts';
import { Button } from '../../ui/button.tsx';
import { ago } from '../../ui/format.ts';
import { ErrorState, Skeleton } from '../../ui/states.tsx';
import { type Fold, foldRuns } from './scan-folds.ts';
import { countWords, runLength, STATE_WORDS, triggerWords } from './scan-words.ts';

const LOOKS: Readonly<Record<ScanRun['state'], string>> = {
  waiting: 'bg-cream/8 text-sand',
  running: 'bg-amber/12 text-amber',
  done: 'bg-good/12 text-good',
  failed: 'bg-bad/12 text-bad',
  stopped: 'bg-cream/8 text-sand',
  interrupted: 'bg-bad/12 text-bad',
};

/** What scans did, the newest first. */
export function ScanRunList() {
  const runs = useInfiniteQuery(scanRunsQuery);
  const list = runs.data?.pages.flatMap((page) => page.items);
  return (
    <section className="mt-10">
      <h2 className="mb-3 text-xl font-semibold">What scans did</h2>
      {runs.isPending && <Skeleton className="h-40 rounded-2xl" />}
      {runs.isError && list === undefined && <ErrorState error={runs.error} onRetry={() => runs.refetch()} />}
      {list?.length === 0 && <p className="panel p-5 text-sand">No scan yet since this list is kept.</p>}
      {list !== undefined && list.length > 0 && (
        <ol className="panel divide-y divide-cream/8" data-testid="scan-runs">
          {foldRuns(list).map((fold) => (
            <Run key={fold.run.id} {...fold} />
          ))}
        </ol>
      )}
      {runs.hasNextPage && (
        <Button className="mt-4" busy={runs.isFetchingNextPage} onClick={() => runs.fetchNextPage()}>
          Show older ones
        </Button>
      )}
    </section>
  );
}

function Run({ run, times }: Fold) {
  return (
    <li className="grid grid-cols-[1fr_auto] gap-x-4 gap-y-1 px-5 py-3.5">
      <p className="min-w-0 truncate font-medium">
        {run.library?.name ?? run.root.name}
        <span className="font-normal text-smoke">
          {' '}
          {run.root.name} on {run.agent.name}
        </span>
      </p>
      <span className={`h-fit justify-self-end rounded-full px-3 py-0.5 text-sm font-medium ${LOOKS[run.state]}`}>
        {STATE_WORDS[run.state]}
      </span>
      <p className="min-w-0 text-sm text-pretty text-sand max-sm:col-span-2">
        {triggerWords(run)}
        {times > 1 && `, ${times} times`} · {countWords(run)}
      </p>
      <p className="text-sm whitespace-nowrap text-smoke tabular-nums max-sm:col-span-2 sm:text-right">
        {ago(run.startedAt, Date.now())} · {runLength(run, Date.now())}
      </p>
      {run.message !== null && <p className="col-span-2 text-sm text-pretty text-amber">{run.message}</p>}
    </li>
  );
}
