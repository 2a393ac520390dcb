import { useMutation, useQuery } from '@tanstack/react-query';
import { type Agent, AgentUpdate } from '../../../shared/api/fleet.ts';
import { api } from '../../app/api.ts';
import { messageOf } from '../../app/problem-answer.ts';
import { serverQuery } from '../../app/queries.ts';
import { Button } from '../../ui/button.tsx';
import { toast } from '../../ui/toasts.tsx';

/** For a machine of another version than the server: the word that lets it take the server's. */
export function UpdateMachine({ agent }: { agent: Agent }) {
  const server = useQuery(serverQuery).data;
  const update = useMutation({
    mutationFn: () => api.request(AgentUpdate, `/agents/${agent.id}/update`, { method: 'POST', body: {} }),
    onSuccess: ({ version }) =>
      toast(`${agent.name} takes version ${version} now. If that does not come up, it goes back by itself.`),
    onError: (error) => toast(messageOf(error), 'warning'),
  });
  if (!agent.online || server === undefined || agent.version === null || agent.version === server.version) return null;
  return (
    <Button size="sm" icon="refresh" busy={update.isPending} onClick={() => update.mutate()}>
      Update to {server.version}
    </Button>
  );
}
