import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { agentsQuery, librariesQuery } from '../../app/queries.ts';
import { EmptyState, ErrorState, Skeleton } from '../../ui/states.tsx';
import { useIsAdmin } from '../shell/roles.ts';
import { AdminFrame } from './admin-frame.tsx';
import { FolderBrowser } from './folder-browser.tsx';
import { SharedFolders } from './shared-folders.tsx';

/** A new machine connects seconds after it has enrolled. */
const LOOK_EVERY_MS = 3000;

/** One machine's folders: what it shares, and what else may be chosen on it. */
export function FoldersPage() {
  const { agentId } = useParams({ from: '/member/shell/admin/machines/$agentId' });
  const admin = useIsAdmin();
  const agents = useQuery({ ...agentsQuery, enabled: admin, refetchInterval: LOOK_EVERY_MS });
  const { items: libraries, loose } = useQuery(librariesQuery).data ?? { items: [], loose: [] };
  const agent = agents.data?.items.find(({ id }) => id === agentId);
  return (
    <AdminFrame
      title={agent?.name ?? 'Machine'}
      action={
        <Link to="/admin/machines" className="text-sm text-sand underline-offset-4 hover:text-cream hover:underline">
          All machines
        </Link>
      }
    >
      {agents.isPending && <Skeleton className="h-64 rounded-2xl" />}
      {agents.isError && agents.data === undefined && (
        <ErrorState error={agents.error} onRetry={() => agents.refetch()} />
      )}
      {agents.data !== undefined && agent === undefined && (
        <EmptyState icon="machines" title="There is no such machine">
          It may have been removed.
        </EmptyState>
      )}
      {agent !== undefined && (
        <div className="grid items-start gap-8 lg:grid-cols-2">
          <SharedFolders agent={agent} libraries={libraries} loose={loose} />
          {agent.online ? (
            <FolderBrowser agent={agent} libraries={libraries} />
          ) : (
            <section className="panel p-6">
              <h2 className="text-lg font-semibold">Choose folders</h2>
              <p className="mt-2 flex items-center gap-2.5 text-sand" role="status">
                <span className="size-2 shrink-0 animate-ping rounded-full bg-amber" />
                Waiting for {agent.name} to be online
              </p>
            </section>
          )}
        </div>
      )}
    </AdminFrame>
  );
}
