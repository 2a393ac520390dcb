import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Library, LibraryRoot } from '../../../shared/api/libraries.ts';
import { ScanStopped } from '../../../shared/api/scans.ts';
import { api } from '../../app/api.ts';
import { messageOf } from '../../app/problem-answer.ts';
import { Button } from '../../ui/button.tsx';
import { count } from '../../ui/format.ts';
import { Icon } from '../../ui/icons.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { useStore } from '../../ui/store.ts';
import { toast } from '../../ui/toasts.tsx';
import { liveScans, runningScans, scanWords } from '../events/scans.ts';
import { titleCount } from '../library/library-words.ts';
import { useScan } from '../library/use-scan.ts';
import { watchWords } from './scan-words.ts';

const CHOICES = [5, 10, 15, 30, 60, 120];

/** One library: its folders, what is scanned now, and what can be asked for. */
export function ScanLibrary({ library }: { library: Library }) {
  const running = runningScans([library], useStore(liveScans));
  const scan = useScan(library.id);
  const stop = useMutation({
    mutationFn: () => api.request(ScanStopped, `/libraries/${library.id}/scan/stop`, { method: 'POST', body: {} }),
    onSuccess: ({ stopped }) =>
      toast(
        stopped > 0 ? 'The scan was stopped.' : 'No machine could be told to stop.',
        stopped > 0 ? 'info' : 'warning',
      ),
    onError: (error) => toast(messageOf(error), 'error'),
  });
  return (
    <section aria-label={library.name} className="panel flex flex-col gap-4 p-5">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
        <h2 className="text-xl font-semibold">{library.name}</h2>
        <p className="text-sm text-smoke">
          {library.items !== null && titleCount(library)}
          {library.problems > 0 && (
            <>
              {' · '}
              <Link
                to="/library/$libraryId/problems"
                params={{ libraryId: library.id }}
                className="rounded text-amber hover:underline"
              >
                {count(library.problems, 'problem')}
              </Link>
            </>
          )}
        </p>
      </div>
      <ul className="flex flex-col gap-3">
        {library.roots.map((root) => (
          <Folder
            key={`${root.agent.id}/${root.id}`}
            root={root}
            scan={running.find((one) => one.root.id === root.id && one.root.agent.id === root.agent.id)?.scan}
          />
        ))}
      </ul>
      <div className="flex flex-wrap items-center gap-2.5">
        <Button size="sm" icon="refresh" busy={scan.isPending} onClick={() => scan.mutate(false)}>
          Scan now
        </Button>
        <Button size="sm" variant="ghost" disabled={scan.isPending} onClick={() => scan.mutate(true)}>
          Full scan
        </Button>
        {running.length > 0 && (
          <Button size="sm" variant="danger" icon="close" busy={stop.isPending} onClick={() => stop.mutate()}>
            Stop
          </Button>
        )}
        <Interval library={library} />
      </div>
    </section>
  );
}

function Folder({ root, scan }: { root: LibraryRoot; scan: LibraryRoot['scan'] | undefined }) {
  const remark = watchWords(root);
  return (
    <li className="text-sm">
      <p className="flex flex-wrap items-center gap-x-2">
        <Icon name="library" className="size-4 text-smoke" />
        <span className="font-medium text-cream/90">{root.name}</span>
        <span className="text-smoke">
          on {root.agent.name}, {root.site.name}
        </span>
        {!root.agent.online && <span className="text-amber">offline</span>}
      </p>
      {remark !== null && <p className="mt-1 text-pretty text-sand">{remark}</p>}
      {scan && (
        <div className="mt-2">
          <p className="mb-1.5 text-sand tabular-nums">{scanWords(scan)}</p>
          <ProgressBar
            label={`Scan of ${root.name}`}
            value={scan.total === null || scan.total === 0 ? null : scan.done / scan.total}
            className="h-1.5"
          />
        </div>
      )}
      {!scan && root.scan.phase === 'failed' && root.state === 'ok' && (
        <p className="mt-1 text-pretty text-amber">{root.scan.message}</p>
      )}
    </li>
  );
}

/** How often everything is looked at whatever watching says. */
function Interval({ library }: { library: Library }) {
  const queries = useQueryClient();
  const set = useMutation({
    mutationFn: (rescanMinutes: number | null) =>
      api.command(`/libraries/${library.id}/settings`, { method: 'PUT', body: { rescanMinutes } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['libraries'] }),
    onError: (error) => toast(messageOf(error), 'error'),
  });
  const now = set.isPending ? set.variables : library.rescanMinutes;
  const choices = now === null || CHOICES.includes(now) ? CHOICES : [...CHOICES, now].sort((a, b) => a - b);
  return (
    <label className="flex items-center gap-2 text-sm whitespace-nowrap text-sand sm:ml-auto">
      Look again
      <select
        value={now ?? ''}
        disabled={set.isPending}
        onChange={(event) => set.mutate(event.target.value === '' ? null : Number(event.target.value))}
        className="h-9 rounded-xl border border-cream/12 bg-coal/60 px-2.5 text-cream"
      >
        <option value="">as the settings say</option>
        {choices.map((minutes) => (
          <option key={minutes} value={minutes}>
            every {minutes} minutes
          </option>
        ))}
      </select>
    </label>
  );
}
