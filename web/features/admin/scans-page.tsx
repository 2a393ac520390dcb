import { useQuery } from '@tanstack/react-query';
import { librariesQuery } from '../../app/queries.ts';
import { EmptyState, ErrorState, Skeleton } from '../../ui/states.tsx';
import { useIsAdmin } from '../shell/roles.ts';
import { AdminFrame } from './admin-frame.tsx';
import { ScanHookList } from './scan-hook-list.tsx';
import { ScanLibrary } from './scan-library.tsx';
import { ScanRunList } from './scan-run-list.tsx';

/** How each library is kept true: what its folders do now, how often they are looked at, and what scans did. */
export function ScansPage() {
  const admin = useIsAdmin();
  const libraries = useQuery({ ...librariesQuery, enabled: admin });
  const list = libraries.data?.items;
  return (
    <AdminFrame title="Scans">
      {libraries.isPending && [1, 2].map((n) => <Skeleton key={n} className="mb-4 h-40 rounded-2xl" />)}
      {libraries.isError && list === undefined && (
        <ErrorState error={libraries.error} onRetry={() => libraries.refetch()} />
      )}
      {list?.length === 0 && (
        <EmptyState icon="library" title="Nothing to scan yet">
          A library appears with the first folder that a machine shares.
        </EmptyState>
      )}
      <ul className="grid grid-cols-1 items-start gap-4 lg:grid-cols-2">
        {list?.map((library) => (
          <li key={library.id}>
            <ScanLibrary library={library} />
          </li>
        ))}
      </ul>
      {list !== undefined && list.length > 0 && (
        <>
          <ScanRunList />
          <ScanHookList libraries={list} />
        </>
      )}
    </AdminFrame>
  );
}
