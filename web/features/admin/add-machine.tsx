import { useMutation, useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { Enrolment, type Site } from '../../../shared/api/fleet.ts';
import { api } from '../../app/api.ts';
import { agentsQuery } from '../../app/queries.ts';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { clock } from '../../ui/format.ts';
import { Icon } from '../../ui/icons.tsx';
import { ErrorState, Skeleton } from '../../ui/states.tsx';

/** While the dialog waits, the new machine is looked for this often; the events are usually quicker. */
const LOOK_EVERY_MS = 3000;

const commandLine = (code: string) =>
  `hearthcast-agent run --edge ${location.origin} --code ${code} --root "Movies=/path/to/movies"`;

/** A one-time code, what to type with it, and the word when the machine is there. */
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

  if (arrived !== null)
    return (
      <Dialog title="The machine is here" onClose={onClose}>
        <div className="flex items-center gap-4">
          <span className="grid size-12 shrink-0 place-items-center rounded-full bg-good/15 text-good">
            <Icon name="check" className="size-6" />
          </span>
          <p className="text-pretty text-sand">
            <b className="font-semibold text-cream">{arrived}</b> has joined. It reads its folders now; titles appear on
            the home page one after the other.
          </p>
        </div>
        <div className="mt-6 flex justify-end">
          <Button variant="primary" onClick={onClose}>
            Done
          </Button>
        </div>
      </Dialog>
    );

  return (
    <Dialog title="Add a machine" onClose={onClose}>
      <p className="text-pretty text-sand">
        Install the Hearthcast agent on the machine that holds the films, then run this there. Repeat{' '}
        <code className="text-cream">--root</code> for each folder.
      </p>
      {sites.length > 1 && (
        <label className="mt-4 flex items-center justify-between gap-4 text-sm text-sand">
          Where does it stand?
          <select
            value={siteId ?? data?.siteId ?? ''}
            onChange={(event) => setSiteId(event.target.value)}
            className="h-10 rounded-xl border border-cream/12 bg-coal/60 px-3 text-[0.95rem] text-cream"
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
        <Skeleton className="mt-5 h-44 rounded-2xl" />
      ) : (
        <Code enrolment={data} onRenew={() => mutate(siteId)} />
      )}
    </Dialog>
  );
}

function Code({ enrolment, onRenew }: { enrolment: Enrolment; onRenew: () => void }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  const left = enrolment.expiresAt - now;
  if (left <= 0)
    return (
      <div className="mt-5 rounded-2xl bg-coal/60 p-6 text-center">
        <p className="mb-4 text-sand">This code has expired.</p>
        <Button icon="refresh" onClick={onRenew}>
          Make a new one
        </Button>
      </div>
    );
  const command = commandLine(enrolment.code);
  return (
    <>
      <div className="mt-5 rounded-2xl bg-coal/60 p-5">
        <p className="text-sm text-smoke">One-time code</p>
        <p
          data-testid="enrolment-code"
          className="mt-1 font-mono text-2xl font-semibold tracking-[0.12em] break-all text-amber select-all"
        >
          {enrolment.code}
        </p>
        <p className="mt-1 text-sm text-smoke tabular-nums">Valid for another {clock(left)}</p>
      </div>
      <div className="mt-3 rounded-2xl bg-coal/60 p-5">
        <div className="mb-2 flex items-center justify-between">
          <p className="text-sm text-smoke">Command line</p>
          <CopyButton text={command} />
        </div>
        <pre className="font-mono text-sm leading-relaxed break-words whitespace-pre-wrap text-cream select-all">
          {command}
        </pre>
      </div>
      <p className="mt-5 flex items-center gap-2.5 text-sm text-sand" role="status">
        <span className="size-2 animate-ping rounded-full bg-amber" />
        Waiting for the machine to call
      </p>
    </>
  );
}

/** The name of a machine that was not there when the dialog opened, as soon as it is. */
function useArrival(): string | null {
  const agents = useQuery({ ...agentsQuery, refetchInterval: LOOK_EVERY_MS }).data?.items;
  const before = useRef<Set<string> | null>(null);
  if (before.current === null && agents !== undefined) before.current = new Set(agents.map((agent) => agent.id));
  return agents?.find((agent) => before.current !== null && !before.current.has(agent.id))?.name ?? null;
}
