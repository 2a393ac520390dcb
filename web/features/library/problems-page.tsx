import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import type { LibraryProblem } from '../../../shared/api/libraries.ts';
import { librariesQuery, problemsQuery } from '../../app/queries.ts';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Icon } from '../../ui/icons.tsx';
import { EmptyState, ErrorState, Skeleton } from '../../ui/states.tsx';
import { problemWords } from './problem-words.ts';
import { useScan } from './use-scan.ts';

/** What could not be read in a library, why, and what to do about it. */
export function ProblemsPage() {
  const { libraryId } = useParams({ from: '/member/shell/library/$libraryId/problems' });
  const library = useQuery(librariesQuery).data?.items.find((one) => one.id === libraryId);
  const problems = useInfiniteQuery(problemsQuery(libraryId));
  const scan = useScan(libraryId);
  const found = problems.data?.pages.flatMap((page) => page.items);
  return (
    <div className="gutter max-w-5xl pt-6 md:pt-8">
      <title>{`Problems in ${library?.name ?? 'a library'} · Hearthcast`}</title>
      <Link
        to="/library/$libraryId"
        params={{ libraryId }}
        className="mb-3 inline-flex items-center gap-1 rounded-lg text-sand hover:text-cream"
      >
        <Icon name="back" className="size-4" />
        {library?.name ?? 'Library'}
      </Link>
      <div className="mb-6 flex flex-wrap items-end justify-between gap-4">
        <div>
          <h1 className="text-3xl font-bold md:text-4xl">Problems</h1>
          <p className="mt-1.5 text-pretty text-sand">These files are in the folders but not on the shelves.</p>
        </div>
        <Button icon="refresh" busy={scan.isPending} onClick={() => scan.mutate(false)}>
          Scan again
        </Button>
      </div>
      {problems.isPending && [1, 2, 3].map((n) => <Skeleton key={n} className="mb-3 h-32 rounded-2xl" />)}
      {problems.isError && found === undefined && (
        <ErrorState error={problems.error} onRetry={() => problems.refetch()} />
      )}
      {found?.length === 0 && (
        <EmptyState icon="check" title="Everything could be read">
          Every file of this library is on the shelves.
        </EmptyState>
      )}
      <ul className="flex flex-col gap-3">
        {found?.map((problem) => (
          <li key={problem.id}>
            <ProblemCard problem={problem} />
          </li>
        ))}
      </ul>
      {problems.hasNextPage && (
        <div className="mt-6 text-center">
          <Button busy={problems.isFetchingNextPage} onClick={() => problems.fetchNextPage()}>
            Show more
          </Button>
        </div>
      )}
    </div>
  );
}

function ProblemCard({ problem }: { problem: LibraryProblem }) {
  const { what, todo } = problemWords(problem.code);
  const name = problem.path.split('/').at(-1) ?? problem.path;
  return (
    <article className="panel p-4 sm:p-5">
      <div className="flex items-start gap-4">
        <span className="grid size-10 shrink-0 place-items-center rounded-xl bg-amber/12 text-amber">
          <Icon name="warning" />
        </span>
        <div className="min-w-0 flex-1">
          <h2 className="font-semibold">{what}</h2>
          <p className="truncate text-sand">{name}</p>
          <p className="mt-2 text-[0.95rem] text-pretty text-sand">{todo}</p>
          <details className="mt-2 text-sm text-smoke">
            <summary className="w-fit rounded hover:text-sand">Where, and the exact reason</summary>
            <div className="mt-2 rounded-xl bg-coal/60 p-3">
              <p className="font-mono text-xs break-all text-sand">
                {problem.root}/{problem.path}
              </p>
              {problem.detail && <p className="mt-2 break-words">{problem.detail}</p>}
              <div className="mt-3">
                <CopyButton text={problem.path} label="Copy the path" />
              </div>
            </div>
          </details>
        </div>
      </div>
    </article>
  );
}
