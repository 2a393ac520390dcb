import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ActiveSession } from '../../../shared/api/playback.ts';
import { api } from '../../app/api.ts';
import { messageOf } from '../../app/problem-answer.ts';
import { sessionsQuery } from '../../app/queries.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { EmptyState, ErrorState, Skeleton } from '../../ui/states.tsx';
import { useIsAdmin } from '../shell/roles.ts';
import { AdminFrame } from './admin-frame.tsx';
import { SessionCard } from './session-card.tsx';

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
          <li key={session.id}>
            <SessionCard session={session} onStop={() => setEnding(session)} />
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
