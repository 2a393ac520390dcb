import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { CreatedInvitation, type CreateInvitation } from '../../../shared/api/users.ts';
import { api } from '../../app/api.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { FormActions } from '../../ui/form-actions.tsx';
import { type Access, AccessFields, useGrantableRoles } from './access-fields.tsx';
import { CodePanel } from './code-panel.tsx';
import { invitationsQuery } from './queries.ts';

const FIRST: Access = { role: 'member', libraryIds: null, maxAge: null };

/** A link that makes one account, with what it may see chosen before. */
export function Invite({ onClose }: { onClose(): void }) {
  const [access, setAccess] = useState(FIRST);
  const roles = useGrantableRoles();
  const queries = useQueryClient();
  const create = useMutation({
    mutationFn: (body: Pick<CreateInvitation, 'note'>) =>
      api.request(CreatedInvitation, '/invitations', { method: 'POST', body: { ...body, ...access } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: invitationsQuery.queryKey }),
  });
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    create.mutate({ note: String(new FormData(event.currentTarget).get('note')).trim() });
  };

  if (create.data)
    return (
      <Dialog title="The invitation is ready" onClose={onClose}>
        <p className="mb-5 text-pretty text-sand">
          Send this link to one person. They choose a name and a password, and are in.
        </p>
        <CodePanel
          label="Invitation"
          text={`${location.origin}/join#code=${create.data.code}`}
          code={create.data.code}
          expiresAt={create.data.expiresAt}
          testId="invitation-link"
        />
        <div className="mt-6 flex justify-end">
          <Button variant="primary" onClick={onClose}>
            Done
          </Button>
        </div>
      </Dialog>
    );

  return (
    <Dialog title="Invite somebody" onClose={onClose}>
      <form onSubmit={onSubmit} className="flex flex-col gap-5">
        <Field label="Who is it for?" name="note" maxLength={100} placeholder="My niece" hint="Only you see this." />
        <AccessFields roles={roles} access={access} onChange={setAccess} />
        <FormActions
          submit="Make the link"
          busy={create.isPending}
          error={create.error}
          onCancel={onClose}
          testId="make-invitation"
        />
      </form>
    </Dialog>
  );
}
