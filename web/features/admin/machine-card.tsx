import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Agent } from '../../../shared/api/fleet.ts';
import { api } from '../../app/api.ts';
import { buttonClass, IconButton } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { ago, bitrate } from '../../ui/format.ts';
import { Icon } from '../../ui/icons.tsx';
import { DirectLine } from './direct-line.tsx';
import { Drain } from './drain.tsx';
import { drainWords } from './drain-words.ts';
import { encoderName } from './encoder-words.ts';
import { backgroundWords, sessionsLeft, viewersWords } from './machine-words.ts';
import { UpdateMachine } from './update-machine.tsx';

/** `readsFrom`: the machines whose films it encodes. */
export function MachineCard({ agent, readsFrom }: { agent: Agent; readsFrom: readonly string[] }) {
  const [asking, setAsking] = useState(false);
  const encoders = [...new Set(agent.videoEncoders.map(encoderName))];
  const background = backgroundWords(agent.background);
  const facts = [agent.platform, agent.version === null ? null : `version ${agent.version}`].filter(Boolean);
  return (
    <article className="panel flex h-full flex-col p-5" data-testid="machine" data-name={agent.name}>
      <div className="flex items-start gap-4">
        <span className="relative grid size-11 shrink-0 place-items-center rounded-xl bg-ash-800 text-sand">
          <Icon name="machines" />
          <span
            className={`absolute -right-0.5 -bottom-0.5 size-3.5 rounded-full border-3 border-ash-900 ${agent.online ? (agent.draining ? 'bg-amber' : 'bg-good') : 'bg-ash-600'}`}
          />
        </span>
        <div className="min-w-0 flex-1">
          <h3 className="truncate font-semibold">{agent.name}</h3>
          <p className="text-sm text-pretty text-smoke">
            {agent.online ? (
              <span className={agent.draining ? 'text-amber' : 'text-good'}>
                {agent.draining ? drainWords(sessionsLeft(agent)) : 'Online'}
              </span>
            ) : agent.lastSeenAt === null ? (
              'Never connected'
            ) : (
              `Offline, seen ${ago(agent.lastSeenAt, Date.now())}`
            )}
            {facts.length > 0 && ` · ${facts.join(' · ')}`}
          </p>
        </div>
        <IconButton
          icon="trash"
          label={`Remove ${agent.name}`}
          className="-mt-1 -mr-2"
          onClick={() => setAsking(true)}
        />
      </div>
      <dl className="mt-4 grid grid-cols-[6.5rem_1fr] items-center gap-y-2.5 text-sm">
        <dt className="text-smoke">Transcoding</dt>
        <dd>
          {agent.slotsTotal === 0 ? (
            <span className="text-sand">
              {agent.lendsTo.length === 0 ? 'None: it serves files as they are' : 'None of its own'}
            </span>
          ) : (
            <Slots used={agent.slotsUsed} total={agent.slotsTotal} />
          )}
        </dd>
        <dt className="self-start text-smoke">Viewers</dt>
        <dd className="text-pretty text-sand" data-testid="viewers">
          {viewersWords(agent)}
        </dd>
        {background !== null && (
          <>
            <dt className="self-start text-smoke">Meanwhile</dt>
            <dd className="text-pretty text-sand" data-testid="background">
              {background}
            </dd>
          </>
        )}
        <dt className="text-smoke">Encoders</dt>
        <dd className="flex flex-wrap gap-1.5">
          {encoders.length === 0 && <span className="text-sand">None found</span>}
          {encoders.map((name) => (
            <span key={name} className="rounded-md bg-cream/8 px-2 py-0.5">
              {name}
            </span>
          ))}
        </dd>
        <dt className="text-smoke">Line</dt>
        <dd className="text-sand">
          {agent.uplinkBytesPerSecond === null
            ? 'Not measured yet'
            : `Sends ${bitrate(agent.uplinkBytesPerSecond * 8)}`}
        </dd>
        {agent.lendsTo.length > 0 && (
          <>
            <dt className="self-start text-smoke">Lends to</dt>
            <dd className="text-sand" data-testid="lends-to">
              {names(agent.lendsTo)}
            </dd>
          </>
        )}
        {readsFrom.length > 0 && (
          <>
            <dt className="self-start text-smoke">Encodes for</dt>
            <dd className="text-sand" data-testid="encodes-for">
              {names(readsFrom)}
            </dd>
          </>
        )}
        <DirectLine agent={agent} />
      </dl>
      <div className="mt-auto flex flex-wrap items-center gap-2.5 pt-4">
        <Link
          to="/admin/machines/$agentId"
          params={{ agentId: agent.id }}
          className={buttonClass('secondary', 'sm')}
          data-testid="machine-folders"
        >
          <Icon name="folder" className="size-4" />
          Folders
        </Link>
        <UpdateMachine agent={agent} />
        {agent.online && <Drain agent={agent} />}
      </div>
      {asking && <RemoveMachine agent={agent} onClose={() => setAsking(false)} />}
    </article>
  );
}

const names = (all: readonly string[]) => new Intl.ListFormat('en', { type: 'conjunction' }).format(all);

/** As many as fit as dots; a machine may have more. */
const DOTS = 12;

function Slots({ used, total }: { used: number; total: number }) {
  return (
    <span className="flex items-center gap-2.5">
      <span className="flex gap-1" aria-hidden="true">
        {Array.from({ length: Math.min(total, DOTS) }, (_, slot) => (
          <span
            // biome-ignore lint/suspicious/noArrayIndexKey: a slot is its place
            key={slot}
            className={`h-4 w-2 rounded-sm ${slot < used ? 'bg-linear-to-b from-amber to-ember' : 'bg-cream/12'}`}
          />
        ))}
      </span>
      <span className="text-sand">
        {used} of {total} busy
      </span>
    </span>
  );
}

function RemoveMachine({ agent, onClose }: { agent: Agent; onClose: () => void }) {
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: () => api.command(`/agents/${agent.id}`, { method: 'DELETE' }),
    onSuccess: async () => {
      await queries.invalidateQueries();
      onClose();
    },
  });
  return (
    <ConfirmDialog
      title={`Remove ${agent.name}?`}
      verb="Remove"
      icon="trash"
      action={remove}
      onClose={onClose}
      testId="remove-confirm"
    >
      <p className="text-pretty text-sand">
        {agent.online
          ? 'It is signed out at once, and films that only it holds leave the shelves. '
          : 'It is not there now; should it come back, it is refused. Films that only it holds leave the shelves. '}
        Its files are not touched, and what people have watched is kept. To bring it back, enrol it again with a new
        code.
      </p>
    </ConfirmDialog>
  );
}
