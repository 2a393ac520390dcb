import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Invitation } from '../../../shared/api/users.ts';
import { api } from '../../app/api.ts';
import { messageOf } from '../../app/problem-answer.ts';
import { librariesQuery } from '../../app/queries.ts';
import { Button } from '../../ui/button.tsx';
import { toast } from '../../ui/toasts.tsx';
import { useIsAdmin } from '../shell/roles.ts';
import { invitationsQuery } from './queries.ts';
import { libraryWords, ROLE_WORDS, until } from './words.ts';

/** The invitations that are out. Those that are over are in the audit log. */
export function InvitationList() {
  const invitations = useQuery({ ...invitationsQuery, enabled: useIsAdmin() }).data?.items ?? [];
  const libraries = useQuery(librariesQuery).data?.items ?? [];
  const names = new Map(libraries.map((library) => [library.id, library.name]));
  const queries = useQueryClient();
  const revoke = useMutation({
    mutationFn: (id: string) => api.command(`/invitations/${id}`, { method: 'DELETE' }),
    onSuccess: () => queries.invalidateQueries({ queryKey: invitationsQuery.queryKey }),
    onError: (error) => toast(messageOf(error), 'error'),
  });
  const open = invitations.filter((invitation) => invitation.state === 'open');
  if (open.length === 0) return null;
  return (
    <section className="mt-9">
      <h2 className="mb-3 text-xl font-semibold">Open invitations</h2>
      <ul className="panel divide-y divide-cream/8">
        {open.map((invitation) => (
          <li key={invitation.id} className="flex items-center gap-4 p-4 sm:px-5">
            <div className="min-w-0 flex-1">
              <p className="font-medium wrap-anywhere">{invitation.note || 'Somebody'}</p>
              <p className="text-sm text-pretty text-smoke">{about(invitation, names)}</p>
            </div>
            <Button size="sm" variant="danger" disabled={revoke.isPending} onClick={() => revoke.mutate(invitation.id)}>
              Revoke
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function about({ role, libraryIds, maxAge, expiresAt }: Invitation, names: ReadonlyMap<string, string>): string {
  const sees = role === 'admin' ? '' : ` · ${libraryWords(libraryIds, names)}`;
  const age = maxAge === null ? '' : ` · up to ${maxAge}`;
  return `${ROLE_WORDS[role].label}${sees}${age} · ends ${until(expiresAt, Date.now())}`;
}
