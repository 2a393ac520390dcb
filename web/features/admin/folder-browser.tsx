import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Agent } from '../../../shared/api/fleet.ts';
import type { Library } from '../../../shared/api/libraries.ts';
import type { FolderPlace } from '../../../shared/protocol/folders.ts';
import { foldersQuery } from '../../app/queries.ts';
import { Button } from '../../ui/button.tsx';
import { count } from '../../ui/format.ts';
import { Icon } from '../../ui/icons.tsx';
import { ErrorState, Skeleton } from '../../ui/states.tsx';
import { ShareFolder } from './share-folder.tsx';

/** A folder that one stands in: its place, and the names that lead there. */
interface Standing {
  place: FolderPlace;
  names: string[];
}

/** The folders of a machine below those that its owner allowed there, and the choice of one. */
export function FolderBrowser({ agent, libraries }: { agent: Agent; libraries: readonly Library[] }) {
  const [at, setAt] = useState<Standing | null>(null);
  const [sharing, setSharing] = useState(false);
  const { data, error, isPending, refetch } = useQuery(foldersQuery(agent.id, at?.place ?? null));
  const enter = (name: string, index: number) =>
    setAt(
      at === null
        ? { place: { allowed: index, below: [] }, names: [name] }
        : { place: { ...at.place, below: [...at.place.below, name] }, names: [...at.names, name] },
    );
  /** Back to the nth name of the way here; -1 is the beginning. */
  const back = (n: number) =>
    setAt(
      at === null || n < 0
        ? null
        : { place: { ...at.place, below: at.place.below.slice(0, n) }, names: at.names.slice(0, n + 1) },
    );
  return (
    <section className="panel p-5 sm:p-6" aria-label="Choose folders">
      <h2 className="text-lg font-semibold">Choose folders on {agent.name}</h2>
      <nav aria-label="Where you are" className="mt-2 flex flex-wrap items-center gap-x-1 text-sm text-sand">
        <Crumb name="Allowed folders" last={at === null} onClick={() => back(-1)} />
        {at?.names.map((name, n) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a name may come twice on the way
          <span key={n} className="flex min-w-0 items-center gap-1">
            <Icon name="forward" className="size-3.5 text-smoke" />
            <Crumb name={n === 0 ? lastOf(name) : name} last={n === at.names.length - 1} onClick={() => back(n)} />
          </span>
        ))}
      </nav>
      {error !== null && data === undefined ? (
        <ErrorState error={error} onRetry={() => refetch()} />
      ) : isPending ? (
        <Skeleton className="mt-4 h-40 rounded-2xl" />
      ) : (
        <>
          <ul className="mt-3 max-h-96 divide-y divide-cream/8 overflow-y-auto rounded-xl bg-coal/50">
            {data.folders.map((folder, index) => (
              <li key={folder.name}>
                <button
                  type="button"
                  data-testid="folder"
                  onClick={() => enter(folder.name, index)}
                  className="flex min-h-12 w-full items-center gap-3 px-4 py-2.5 text-left transition-colors hover:bg-cream/6"
                >
                  <Icon name="folder" className="size-5 text-amber" />
                  <span className="min-w-0 flex-1 truncate">{folder.name}</span>
                  {folder.root !== null && (
                    <span className="rounded-full bg-good/15 px-2.5 py-0.5 text-xs font-medium text-good">Shared</span>
                  )}
                  <Icon name="forward" className="size-4 text-smoke" />
                </button>
              </li>
            ))}
            {data.folders.length === 0 && <Nothing at={at} agent={agent} />}
          </ul>
          {data.truncated && <p className="mt-2 text-sm text-smoke">Only the first folders are shown.</p>}
          {at !== null && (
            <div className="mt-4 flex flex-wrap items-center justify-between gap-3">
              <p className="text-sm text-smoke">{count(data.videos, 'video file')} directly in here</p>
              {data.root === null ? (
                <Button variant="primary" icon="plus" data-testid="share-folder" onClick={() => setSharing(true)}>
                  Share this folder
                </Button>
              ) : (
                <span className="flex min-h-11 items-center gap-2 font-medium text-good">
                  <Icon name="check" />
                  Shared
                </span>
              )}
            </div>
          )}
        </>
      )}
      {sharing && at !== null && (
        <ShareFolder
          agent={agent}
          place={at.place}
          name={nameOf(at)}
          libraries={libraries}
          onClose={() => setSharing(false)}
        />
      )}
    </section>
  );
}

/** The last name of the way; an allowed folder is named by its whole path. */
const nameOf = ({ names }: Standing) => lastOf(names.at(-1) ?? '') || 'Media';

const lastOf = (path: string) => path.split(/[/\\]/).filter(Boolean).at(-1) ?? path;

function Nothing({ at, agent }: { at: Standing | null; agent: Agent }) {
  return (
    <li className="p-5 text-sm text-pretty text-sand">
      {at !== null ? (
        'No folders in here.'
      ) : (
        <>
          Nothing may be chosen from here yet. On {agent.name}, name folders under <code>allow</code> in its
          configuration, or share one directly:{' '}
          <code className="text-cream">hearthcast-agent roots add "Movies=/path/to/films"</code>
        </>
      )}
    </li>
  );
}

function Crumb({ name, last, onClick }: { name: string; last: boolean; onClick(): void }) {
  return (
    <button
      type="button"
      disabled={last}
      onClick={onClick}
      className="min-h-9 max-w-64 truncate rounded px-1 hover:text-cream disabled:font-medium disabled:text-cream"
    >
      {name}
    </button>
  );
}
