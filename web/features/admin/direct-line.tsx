import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Agent } from '../../../shared/api/fleet.ts';
import { api } from '../../app/api.ts';
import { messageOf } from '../../app/problem-answer.ts';
import { agentsQuery } from '../../app/queries.ts';
import { toast } from '../../ui/toasts.tsx';

/** Where viewers may come to a machine itself, past the server, and whether they may. Nothing where it has no such way. */
export function DirectLine({ agent }: { agent: Agent }) {
  const queries = useQueryClient();
  const allow = useMutation({
    mutationFn: (allowed: boolean) => api.command(`/agents/${agent.id}/direct`, { method: 'PUT', body: { allowed } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: agentsQuery.queryKey }),
    onError: (error) => toast(messageOf(error), 'error'),
  });
  const { direct } = agent;
  if (direct === null) return null;
  const hosts = direct.addresses.map(({ url }) => url.replace(/^http:\/\//, ''));
  return (
    <>
      <dt className="self-start text-smoke">Direct way</dt>
      <dd className="flex min-w-0 items-start justify-between gap-3 text-sand">
        <span className="min-w-0" data-testid="direct">
          {direct.allowed ? (
            hosts.map((host) => (
              <span key={host} className="block truncate" title={host}>
                {host}
              </span>
            ))
          ) : (
            <span>Off: everything goes through the server</span>
          )}
        </span>
        <button
          type="button"
          role="switch"
          aria-checked={direct.allowed}
          aria-label={`Viewers may come to ${agent.name} directly`}
          title="Viewers in reach of these addresses fetch films from the machine itself"
          disabled={allow.isPending}
          onClick={() => allow.mutate(!direct.allowed)}
          className={`relative h-6 w-10 shrink-0 rounded-full transition-colors disabled:opacity-45 ${direct.allowed ? 'bg-ember' : 'bg-cream/15'}`}
        >
          <span
            className={`absolute top-1 left-1 size-4 rounded-full bg-cream transition-transform ${direct.allowed ? 'translate-x-4' : ''}`}
          />
        </button>
      </dd>
    </>
  );
}
