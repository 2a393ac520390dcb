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
  const words = agent.draining ? 'Take viewers again' : 'Drain';
  const title = agent.draining
    ? 'It takes nobody new; viewers go over to other machines where they can.'
    : 'Before an update: viewers go over to other machines, and nobody new comes.';
  return (
    <Button
      size="sm"
      title={title}
      busy={drain.isPending}
      data-testid="drain"
      onClick={() => drain.mutate(!agent.draining)}
    >
      {words}
    </Button>
  );
}
