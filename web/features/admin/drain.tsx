import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type Agent, DrainedAgent } from '../../../shared/api/fleet.ts';
import { api } from '../../app/api.ts';
import { messageOf } from '../../app/problem-answer.ts';
import { agentsQuery } from '../../app/queries.ts';
import { Button } from '../../ui/button.tsx';
import { toast } from '../../ui/toasts.tsx';

/** Empties a machine before it is updated or stopped, or lets viewers in again. */
export function Drain({ agent }: { agent: Agent }) {
  const queries = useQueryClient();
  const drain = useMutation({
    mutationFn: (draining: boolean) =>
      api.request(DrainedAgent, `/agents/${agent.id}/drain`, { method: 'POST', body: { draining } }),
    onSuccess: (_, draining) => {
      // The machine tells the rest of it a moment later; until then the list would still say the old.
      queries.setQueryData(
        agentsQuery.queryKey,
        (list) => list && { items: list.items.map((one) => (one.id === agent.id ? { ...one, draining } : one)) },
      );
    },
    onError: (error) => toast(messageOf(error), 'error'),
  });
  return (
    <div className="mt-auto flex flex-wrap items-center justify-between gap-x-4 gap-y-2 pt-4">
      <p className="min-w-0 flex-1 basis-48 text-sm text-pretty text-smoke">
        {agent.draining
          ? 'It takes nobody new. Viewers go over to other machines where they can.'
          : 'Before an update: viewers go over to other machines.'}
      </p>
      <Button size="sm" busy={drain.isPending} data-testid="drain" onClick={() => drain.mutate(!agent.draining)}>
        {agent.draining ? 'Take viewers again' : 'Drain'}
      </Button>
    </div>
  );
}
