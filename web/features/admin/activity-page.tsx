import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ActiveSession } from '../../../shared/api/playback.ts';
import { sessionsQuery } from '../../app/queries.ts';
import { ago, clock } from '../../ui/format.ts';
import { Icon } from '../../ui/icons.tsx';
import { EmptyState, ErrorState, Skeleton } from '../../ui/states.tsx';
import { useIsAdmin } from '../shell/roles.ts';
import { AdminFrame } from './admin-frame.tsx';

const MODES: Readonly<Record<ActiveSession['mode'], string>> = {
  direct: 'Direct play',
  remux: 'Remux',
  transcode: 'Transcode',
};

/** Who watches what, from which machine, and how. */
export function ActivityPage() {
  const sessions = useQuery({ ...sessionsQuery, enabled: useIsAdmin() });
  const list = sessions.data?.items;
  return (
    <AdminFrame title="Who is watching">
      {sessions.isPending && [1, 2].map((n) => <Skeleton key={n} className="mb-3 h-20 rounded-2xl" />)}
      {sessions.isError && list === undefined && (
        <ErrorState error={sessions.error} onRetry={() => sessions.refetch()} />
      )}
      {list?.length === 0 && (
        <EmptyState icon="activity" title="Nobody is watching">
          When someone presses play, you see here who it is and which machine does the work.
        </EmptyState>
      )}
      <ul className="flex flex-col gap-3">
        {list?.map((session) => (
          <li key={session.id} className="panel flex flex-wrap items-center gap-x-5 gap-y-3 p-4 sm:px-5">
            <span className="grid size-11 shrink-0 place-items-center rounded-full bg-ash-800 text-lg font-bold text-amber">
              {[...session.user][0]?.toUpperCase()}
            </span>
            <div className="min-w-0 flex-1 basis-48">
              <Link
                to="/item/$itemId"
                params={{ itemId: session.itemId }}
                className="block truncate rounded font-semibold hover:text-amber"
              >
                {session.title}
              </Link>
              <p className="truncate text-sm text-smoke">
                {session.user} · began {ago(session.startedAt, Date.now())}
              </p>
            </div>
            <span className="flex items-center gap-2 text-sm text-sand">
              <Icon name="machines" className="size-4 text-smoke" />
              {session.agent}
            </span>
            <span
              className={`rounded-full px-3 py-1 text-sm font-medium ${session.mode === 'transcode' ? 'bg-amber/12 text-amber' : 'bg-cream/8 text-cream/90'}`}
            >
              {MODES[session.mode]}
            </span>
            <span className="min-w-14 text-right text-sm text-sand tabular-nums">{clock(session.positionMs)}</span>
          </li>
        ))}
      </ul>
    </AdminFrame>
  );
}
