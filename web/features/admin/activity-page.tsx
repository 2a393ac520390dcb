import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { ActiveSession } from '../../../shared/api/playback.ts';
import { api } from '../../app/api.ts';
import { messageOf } from '../../app/problem-answer.ts';
import { sessionsQuery } from '../../app/queries.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { ago, bitrate as bitsWords, clock } from '../../ui/format.ts';
import { Icon } from '../../ui/icons.tsx';
import { EmptyState, ErrorState, Skeleton } from '../../ui/states.tsx';
import { reasonWords } from '../player/plan-words.ts';
import { useIsAdmin } from '../shell/roles.ts';
import { AdminFrame } from './admin-frame.tsx';

const MODES: Readonly<Record<ActiveSession['mode'], string>> = {
  direct: 'Direct play',
  remux: 'Remux',
  transcode: 'Transcode',
};

const BECAUSE: Readonly<Record<ActiveSession['because'], string>> = {
  'only-one': 'the only machine with this title',
  online: 'the others are offline',
  mode: 'it needs the least conversion there',
  'free-slot': 'it has a free slot',
  'same-network': 'it is on the viewer’s network',
  uplink: 'its line has the most room',
  hardware: 'it converts in hardware',
  'own-file': 'it has the file itself',
  picture: 'it has the better picture',
  load: 'it is the least busy',
  first: 'it holds the oldest copy',
};

const STATES: Readonly<Partial<Record<ActiveSession['state'], string>>> = {
  resting: 'Paused, no machine works for it',
  lost: 'Waiting for its machine',
  moving: 'Going over to another machine',
};

/** Why this machine and this way, what it costs, and what has happened to it. */
function details(session: ActiveSession): string {
  const { because, bitrate, direct, load, moves, readsFrom, reasons, remote, shown, state } = session;
  return [
    STATES[state],
    shown?.state === 'paused' ? 'paused' : shown?.state === 'buffering' ? 'waiting for its picture' : undefined,
    remote ? 'away from home' : undefined,
    direct && `straight from the machine${direct.address ? ` (${new URL(direct.address).host})` : ''}`,
    shown?.bufferedMs == null ? undefined : `${Math.round(shown.bufferedMs / 1000)} s ahead`,
    shown?.bitrate == null ? undefined : `${bitsWords(shown.bitrate)} now`,
    `chosen because ${BECAUSE[because]}`,
    readsFrom ? `reads the film from ${readsFrom}` : undefined,
    ...reasons.map((reason) => reasonWords(reason).replace(/\.$/, '')),
    bitrate === null ? undefined : `up to ${bitsWords(bitrate)}`,
    `machine: ${load.sessions} watching, ${load.slotsUsed} of ${load.slotsTotal} slots`,
    moves === 0 ? undefined : moves === 1 ? 'moved once' : `moved ${moves} times`,
  ]
    .filter(Boolean)
    .join(' · ');
}

/** Who watches what, from which machine, how and why; and the word that ends it. */
export function ActivityPage() {
  const sessions = useQuery({ ...sessionsQuery, enabled: useIsAdmin() });
  const list = sessions.data?.items;
  const [ending, setEnding] = useState<ActiveSession | null>(null);
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
                {session.user}
                {session.device && ` on ${session.device}`} · began {ago(session.startedAt, Date.now())}
              </p>
              <p className="mt-1 text-sm text-smoke">{details(session)}</p>
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
            <IconButton icon="close" label={`Stop for ${session.user}`} onClick={() => setEnding(session)} />
          </li>
        ))}
      </ul>
      {ending && <EndDialog session={ending} onClose={() => setEnding(null)} />}
    </AdminFrame>
  );
}

function EndDialog({ session, onClose }: { session: ActiveSession; onClose(): void }) {
  const queries = useQueryClient();
  const [message, setMessage] = useState('');
  const end = useMutation({
    mutationFn: () => api.command(`/sessions/${session.id}/end`, { method: 'POST', body: { message } }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: sessionsQuery.queryKey });
      onClose();
    },
  });
  return (
    <Dialog title={`Stop “${session.title}” for ${session.user}?`} onClose={onClose}>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          end.mutate();
        }}
      >
        <Field
          label="A word to them (may be empty)"
          value={message}
          maxLength={200}
          onChange={(event) => setMessage(event.target.value)}
          error={end.isError ? messageOf(end.error) : undefined}
        />
        <Button type="submit" busy={end.isPending}>
          Stop it
        </Button>
      </form>
    </Dialog>
  );
}
