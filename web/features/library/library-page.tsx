import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import type { Library } from '../../../shared/api/libraries.ts';
import { gridQuery, librariesQuery } from '../../app/queries.ts';
import { Button, buttonClass } from '../../ui/button.tsx';
import { count } from '../../ui/format.ts';
import { Icon } from '../../ui/icons.tsx';
import { ItemGrid } from '../../ui/item-grid.tsx';
import { EmptyState, ErrorState, Skeleton } from '../../ui/states.tsx';
import { useStore } from '../../ui/store.ts';
import { liveScans, runningScans } from '../events/scans.ts';
import { ScanPanel } from '../home/scan-panel.tsx';
import { useIsAdmin } from '../shell/roles.ts';
import { EditLibrary } from './edit-library.tsx';
import { activeFilters, FilterMenu } from './filter-menu.tsx';
import { titleCount } from './library-words.ts';
import { orderOf } from './orders.ts';
import { SortMenu } from './sort-menu.tsx';
import { useScan } from './use-scan.ts';

export function LibraryPage() {
  const { libraryId } = useParams({ from: '/member/shell/library/$libraryId' });
  const search = useSearch({ from: '/member/shell/library/$libraryId' });
  const order = orderOf(search.sort, search.dir);
  const libraries = useQuery(librariesQuery);
  const library = libraries.data?.items.find((one) => one.id === libraryId);
  const items = useInfiniteQuery(gridQuery(libraryId, { ...search, sort: order.sort, dir: order.dir }));
  const scans = runningScans(library ? [library] : [], useStore(liveScans));

  if (libraries.data && !library)
    return (
      <EmptyState
        icon="library"
        title="This library is not here"
        action={
          <Link to="/libraries" className={buttonClass('primary')}>
            All libraries
          </Link>
        }
      >
        It was removed, or it is not meant for you.
      </EmptyState>
    );

  const cards = items.data?.pages.flatMap((page) => page.items);
  // There is nothing to filter or to sort, whatever is asked for.
  const empty = cards?.length === 0 && activeFilters(search).length === 0 && search.sort !== 'played';
  return (
    <div className="gutter pt-6 md:pt-8">
      <title>{library ? `${library.name} · Hearthcast` : 'Hearthcast'}</title>
      <div className="mb-6 flex flex-wrap items-end justify-between gap-x-6 gap-y-4">
        <div>
          {library ? (
            <h1 className="text-3xl font-bold md:text-4xl">{library.name}</h1>
          ) : (
            <Skeleton className="h-10 w-52" />
          )}
          {library && <Facts library={library} />}
        </div>
        <div className="flex flex-wrap items-center gap-2.5">
          {library && <ScanButton library={library} running={scans.length > 0} />}
          {library && <EditButton library={library} />}
          {!empty && <FilterMenu filters={search} />}
          {!empty && <SortMenu sort={search.sort} dir={search.dir} />}
        </div>
      </div>
      {scans.length > 0 && (
        <div className="mb-7">
          <ScanPanel scans={scans} title={`Scanning ${library?.name ?? ''}`} />
        </div>
      )}
      {items.isError && cards === undefined ? (
        <ErrorState error={items.error} onRetry={() => items.refetch()} />
      ) : cards?.length === 0 && activeFilters(search).length > 0 ? (
        <NothingLeft libraryId={libraryId} />
      ) : cards?.length === 0 && search.sort === 'played' ? (
        <EmptyState icon="film" title="Nothing played yet">
          What you watch of this library appears here.
        </EmptyState>
      ) : cards?.length === 0 && scans.length === 0 ? (
        <NoTitles library={library} />
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

function Facts({ library }: { library: Library }) {
  const admin = useIsAdmin();
  const sites = new Set(library.roots.map((root) => root.site.id)).size;
  return (
    <p className="mt-1.5 flex flex-wrap items-center gap-x-2 gap-y-1 text-sand">
      {library.items !== null && titleCount(library)}
      {sites > 1 && <span>· {count(sites, 'site')}</span>}
      {admin && library.problems > 0 && (
        <Link
          to="/library/$libraryId/problems"
          params={{ libraryId: library.id }}
          className="ml-1 inline-flex items-center gap-1.5 rounded-full bg-amber/12 px-3 py-0.5 text-sm font-medium text-amber transition-colors hover:bg-amber/20"
        >
          <Icon name="warning" className="size-4" />
          {count(library.problems, 'problem')}
        </Link>
      )}
    </p>
  );
}

function ScanButton({ library, running }: { library: Library; running: boolean }) {
  const scan = useScan(library.id);
  if (!useIsAdmin()) return null;
  return (
    <Button
      icon="refresh"
      busy={scan.isPending}
      disabled={running}
      data-testid="scan"
      onClick={() => scan.mutate(false)}
    >
      {running ? 'Scanning' : 'Scan'}
    </Button>
  );
}

function EditButton({ library }: { library: Library }) {
  const [open, setOpen] = useState(false);
  const navigate = useNavigate();
  if (!useIsAdmin()) return null;
  return (
    <>
      <Button icon="edit" onClick={() => setOpen(true)} data-testid="edit-library">
        Edit
      </Button>
      {open && (
        <EditLibrary
          library={library}
          onClose={() => setOpen(false)}
          onDeleted={() => navigate({ to: '/libraries', replace: true })}
        />
      )}
    </>
  );
}

function NothingLeft({ libraryId }: { libraryId: string }) {
  return (
    <EmptyState
      icon="search"
      title="No title fits"
      action={
        <Link to="/library/$libraryId" params={{ libraryId }} search={{}} className={buttonClass('primary')}>
          Show everything
        </Link>
      }
    >
      The filters leave nothing of this library.
    </EmptyState>
  );
}

function NoTitles({ library }: { library: Library | undefined }) {
  const admin = useIsAdmin();
  if (!admin || library === undefined)
    return (
      <EmptyState icon="film" title="Nothing here for you yet">
        What comes into this library, and is meant for you, appears here.
      </EmptyState>
    );
  if (library.roots.length === 0)
    return (
      <EmptyState
        icon="folder"
        title="No folder yet"
        action={
          <Link to="/admin/machines" className={buttonClass('primary')}>
            Choose a machine
          </Link>
        }
      >
        Share a folder of a machine in “{library.name}”, or take one of another library.
      </EmptyState>
    );
  return (
    <EmptyState icon="film" title="No titles here yet">
      {library.roots.every((root) => !root.agent.online)
        ? 'The machines of this library are offline. Start the agent there; its titles come by themselves.'
        : 'Put films or series in one of this library’s folders: they are noticed by themselves, or at the next scan.'}
    </EmptyState>
  );
}
