import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Agent } from '../../../shared/api/fleet.ts';
import type { Library, LibraryRoot } from '../../../shared/api/libraries.ts';
import { api } from '../../app/api.ts';
import { messageOf } from '../../app/problem-answer.ts';
import { IconButton } from '../../ui/button.tsx';
import { Icon } from '../../ui/icons.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { useStore } from '../../ui/store.ts';
import { toast } from '../../ui/toasts.tsx';
import { liveScans, runningScans, scanWords } from '../events/scans.ts';

const STATES: Readonly<Record<LibraryRoot['state'], string>> = {
  ok: 'Up to date',
  offline: 'Not there: is its disk mounted?',
  unreadable: 'The agent’s user may not read it',
};

/** What a machine shares, with how far each folder's scan is. */
export function SharedFolders({ agent, libraries, loose }: SharedFoldersProps) {
  const live = useStore(liveScans);
  const scans = runningScans(libraries, live).filter(({ root }) => root.agent.id === agent.id);
  const shared = [
    ...libraries.flatMap((library) => library.roots.map((root) => ({ library: library.name, root }))),
    ...loose.map((root) => ({ library: null, root })),
  ].filter(({ root }) => root.agent.id === agent.id);
  return (
    <section className="panel p-5 sm:p-6" aria-label="Shared folders">
      <h2 className="text-lg font-semibold">Shared folders</h2>
      {shared.length === 0 && (
        <p className="mt-2 text-pretty text-sand">None yet. Choose one, and its titles appear while they are found.</p>
      )}
      <ul className="mt-3 flex flex-col divide-y divide-cream/8">
        {shared.map(({ library, root }) => {
          const scan = scans.find((one) => one.root.id === root.id)?.scan;
          return (
            <li
              key={root.id}
              data-testid="shared-folder"
              data-name={root.name}
              className="flex items-center gap-3 py-3"
            >
              <span className="grid size-10 shrink-0 place-items-center rounded-xl bg-ash-800 text-amber">
                <Icon name="folder" />
              </span>
              <div className="min-w-0 flex-1">
                <p className="truncate font-medium">
                  {root.name}
                  <span className="font-normal text-smoke"> in {library ?? 'no library'}</span>
                </p>
                <p className="text-sm text-smoke">{scan ? scanWords(scan) : STATES[root.state]}</p>
                {scan && (
                  <ProgressBar
                    label={`Scan of ${root.name}`}
                    value={scan.total ? scan.done / scan.total : null}
                    className="mt-2 h-1.5"
                  />
                )}
              </div>
              <RemoveRoot agent={agent} root={root} />
            </li>
          );
        })}
      </ul>
    </section>
  );
}

interface SharedFoldersProps {
  agent: Agent;
  libraries: readonly Library[];
  loose: readonly LibraryRoot[];
}

function RemoveRoot({ agent, root }: { agent: Agent; root: LibraryRoot }) {
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: () => api.command(`/agents/${agent.id}/roots/${root.id}`, { method: 'DELETE' }),
    onSuccess: async () => {
      toast(`${root.name} is shared no more. Its files were not touched.`);
      await queries.invalidateQueries();
    },
    onError: (error) => toast(messageOf(error), 'warning'),
  });
  return (
    <IconButton
      icon="close"
      label={`Stop sharing ${root.name}`}
      disabled={!agent.online || remove.isPending}
      onClick={() => remove.mutate()}
    />
  );
}
