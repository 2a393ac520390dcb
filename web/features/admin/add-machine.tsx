import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { type Agent, Enrolment, type Site } from '../../../shared/api/fleet.ts';
import { api } from '../../app/api.ts';
import { agentsQuery } from '../../app/queries.ts';
import { Button, buttonClass } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Icon } from '../../ui/icons.tsx';
import { ErrorState, Skeleton } from '../../ui/states.tsx';
import { EnrolmentCode } from './enrolment-code.tsx';

/** While the dialog waits, the new machine is looked for this often; the events are usually quicker. */
const LOOK_EVERY_MS = 3000;

/** A one-time code, the one line to type with it, and the way on when the machine is there. */
export function AddMachine({ sites, onClose }: { sites: readonly Site[]; onClose: () => void }) {
  const [siteId, setSiteId] = useState<string | undefined>(undefined);
  const { mutate, data, error, isPending } = useMutation({
    mutationFn: (site: string | undefined) =>
      api.request(Enrolment, '/agents/enrolments', {
        method: 'POST',
        body: site === undefined ? {} : { siteId: site },
      }),
  });
  useEffect(() => mutate(siteId), [mutate, siteId]);
  const arrived = useArrival();
  if (arrived !== null) return <Arrived agent={arrived} onClose={onClose} />;
  return (
    <Dialog title="Add a machine" onClose={onClose}>
      {sites.length > 1 && (
        <label className="mb-4 flex items-center justify-between gap-4 text-sm text-sand">
          Where does it stand?
          <select
            value={siteId ?? data?.siteId ?? ''}
            onChange={(event) => setSiteId(event.target.value)}
            className="h-10 min-w-0 rounded-xl border border-cream/12 bg-coal/60 px-3 text-[0.95rem] text-cream"
          >
            {sites.map((site) => (
              <option key={site.id} value={site.id}>
                {site.name}
              </option>
            ))}
          </select>
        </label>
      )}
      {error !== null ? (
        <ErrorState error={error} onRetry={() => mutate(siteId)} />
      ) : data === undefined || isPending ? (
        <Skeleton className="h-64 rounded-2xl" />
      ) : (
        <EnrolmentCode enrolment={data} onRenew={() => mutate(siteId)} />
      )}
    </Dialog>
  );
}

/** The machine has joined; it is spoken to as soon as its link is there, a moment later. */
function Arrived({ agent, onClose }: { agent: Agent; onClose: () => void }) {
  return (
    <Dialog title="The machine is here" onClose={onClose}>
      <div className="flex items-center gap-4">
        <span className="grid size-12 shrink-0 place-items-center rounded-full bg-good/15 text-good">
          <Icon name="check" className="size-6" />
        </span>
        <p className="text-pretty text-sand">
          <b className="font-semibold text-cream">{agent.name}</b> has joined {agent.site.name}
          {agent.online ? ' and is online.' : '. It connects in a moment.'}
        </p>
      </div>
      <div className="mt-6 flex flex-wrap justify-end gap-3">
        <Button variant="ghost" onClick={onClose}>
          Later
        </Button>
        <Link
          to="/admin/machines/$agentId"
          params={{ agentId: agent.id }}
          className={buttonClass('primary')}
          data-testid="choose-folders"
        >
          <Icon name="folder" />
          Choose its folders
        </Link>
      </div>
    </Dialog>
  );
}

/** A machine that was not there when the dialog opened, as soon as it is. */
function useArrival(): Agent | null {
  const agents = useQuery({ ...agentsQuery, refetchInterval: LOOK_EVERY_MS }).data?.items;
  const before = useRef<Set<string> | null>(null);
  if (before.current === null && agents !== undefined) before.current = new Set(agents.map((agent) => agent.id));
  return agents?.find((agent) => before.current !== null && !before.current.has(agent.id)) ?? null;
}
