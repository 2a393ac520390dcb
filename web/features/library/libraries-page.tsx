import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Library } from '../../../shared/api/libraries.ts';
import { librariesQuery } from '../../app/queries.ts';
import { artHues } from '../../ui/art-hues.ts';
import { buttonClass } from '../../ui/button.tsx';
import { count } from '../../ui/format.ts';
import { Icon } from '../../ui/icons.tsx';
import { EmptyState, ErrorState, Skeleton } from '../../ui/states.tsx';
import { useStore } from '../../ui/store.ts';
import { liveScans, runningScans, scanWords } from '../events/scans.ts';
import { FacetTabs } from '../facets/facet-tabs.tsx';
import { useIsAdmin } from '../shell/roles.ts';
import { titleCount } from './library-words.ts';
import { MakeLibrary } from './make-library.tsx';

export function LibrariesPage() {
  const libraries = useQuery(librariesQuery);
  const admin = useIsAdmin();
  return (
    <div className="gutter pt-6 md:pt-8">
      <title>Libraries · Hearthcast</title>
      <div className="mb-6 flex min-h-11 flex-wrap items-center justify-between gap-4">
        <h1 className="text-3xl font-bold md:text-4xl">Libraries</h1>
        {admin && libraries.data && <MakeLibrary />}
      </div>
      {libraries.isError && libraries.data === undefined && (
        <ErrorState error={libraries.error} onRetry={() => libraries.refetch()} />
      )}
      {libraries.data?.items.length === 0 && (
        <EmptyState
          icon="library"
          title="No libraries yet"
          action={
            admin && (
              <Link to="/admin/machines" search={{ add: true }} className={buttonClass('primary')}>
                Add a machine
              </Link>
            )
          }
        >
          {admin
            ? 'A library appears with the first folder that a machine shares.'
            : 'What the owner shares with you appears here.'}
        </EmptyState>
      )}
      <ul className="grid grid-cols-1 gap-4 sm:grid-cols-2 xl:grid-cols-3">
        {libraries.isPending && [1, 2, 3].map((n) => <Skeleton key={n} className="h-36 rounded-2xl" />)}
        {libraries.data?.items.map((library) => (
          <li key={library.id}>
            <LibraryTile library={library} />
          </li>
        ))}
      </ul>
      {libraries.data && libraries.data.items.length > 0 && (
        <section className="mt-10">
          <h2 className="mb-3.5 text-xl font-semibold">Browse by</h2>
          <FacetTabs />
        </section>
      )}
      {libraries.data && libraries.data.loose.length > 0 && (
        <p className="panel mt-6 flex items-start gap-3 p-4 text-sm text-pretty text-sand">
          <Icon name="folder" className="mt-0.5 size-5 shrink-0 text-amber" />
          <span>
            In no library: {libraries.data.loose.map((root) => `${root.name} on ${root.agent.name}`).join(', ')}. Their
            library was deleted. Put them into another, or stop sharing them on their machine.
          </span>
        </p>
      )}
    </div>
  );
}

function LibraryTile({ library }: { library: Library }) {
  const [first, second] = artHues(library.name);
  const [scan] = runningScans([library], useStore(liveScans));
  const offline = library.roots.filter((root) => !root.agent.online).length;
  const where = [...new Set(library.roots.map((root) => root.site.name))].join(', ');
  return (
    <Link
      to="/library/$libraryId"
      params={{ libraryId: library.id }}
      className="group relative flex h-36 flex-col justify-end overflow-hidden rounded-2xl p-5 ring-1 ring-cream/8 transition duration-300 hover:ring-2 hover:ring-amber/70"
    >
      <span
        className="absolute inset-0 transition-transform duration-700 ease-hearth group-hover:scale-105"
        style={{
          background: `radial-gradient(90% 140% at 100% 0%, oklch(0.45 0.1 ${second}), transparent 65%), linear-gradient(150deg, oklch(0.33 0.07 ${first}), oklch(0.18 0.03 ${first}))`,
        }}
      />
      <span className="relative text-2xl font-bold tracking-tight">{library.name}</span>
      <span className="relative mt-0.5 flex flex-wrap gap-x-2 text-sm text-cream/75">
        {library.items !== null && <span>{titleCount(library)}</span>}
        {where !== '' && <span>{library.items === null ? where : `· ${where}`}</span>}
        {offline > 0 && <span className="text-amber">· {count(offline, 'folder')} offline</span>}
      </span>
      {scan && <span className="relative mt-1 text-sm text-amber">{scanWords(scan.scan)}</span>}
      <Icon name="forward" className="absolute right-5 bottom-6 size-5 text-cream/60" />
    </Link>
  );
}
