import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Profile } from '../../../shared/api/profiles.ts';
import { api } from '../../app/api.ts';
import { messageOf } from '../../app/problem-answer.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { FormActions } from '../../ui/form-actions.tsx';
import { toast } from '../../ui/toasts.tsx';
import { type Access, AccessFields } from '../people/access-fields.tsx';
import { profilesQuery } from './queries.ts';

const ROLES = ['child', 'member'] as const;

const HINTS = {
  child: 'Leaves this profile only with a PIN or your password',
  member: 'Watches, and opens the others’ profiles',
};

/** What a profile is called and may see; null makes a new one. */
export function EditProfile({ profile, onClose }: { profile: Profile | null; onClose(): void }) {
  const [access, setAccess] = useState<Access>({
    role: profile?.role ?? 'child',
    libraryIds: profile?.limits?.libraryIds ?? null,
    maxAge: profile?.limits?.maxAge ?? null,
  });
  const [asked, setAsked] = useState(false);
  const queries = useQueryClient();
  const done = async () => {
    await queries.invalidateQueries({ queryKey: profilesQuery.queryKey });
    onClose();
  };
  const save = useMutation({
    mutationFn: (name: string) =>
      api.request(Profile, profile === null ? '/profiles' : `/profiles/${profile.id}`, {
        method: profile === null ? 'POST' : 'PUT',
        body: { ...access, name },
      }),
    onSuccess: done,
  });
  const remove = useMutation({
    mutationFn: () => api.command(`/profiles/${profile?.id}`, { method: 'DELETE' }),
    onSuccess: done,
    onError: (error) => toast(messageOf(error), 'error'),
  });
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    save.mutate(String(new FormData(event.currentTarget).get('name')).trim());
  };
  return (
    <Dialog title={profile === null ? 'Add a profile' : profile.name} onClose={onClose}>
      <form onSubmit={onSubmit} className="flex flex-col gap-5">
        <Field
          label="Name"
          name="name"
          required
          maxLength={40}
          autoComplete="off"
          defaultValue={profile?.name ?? ''}
          testId="profile-name"
        />
        <AccessFields roles={ROLES} access={access} onChange={setAccess} hints={HINTS} />
        <FormActions
          submit={profile === null ? 'Add' : 'Save'}
          busy={save.isPending}
          error={save.error}
          onCancel={onClose}
          testId="save-profile"
        >
          {profile !== null && (
            <Button
              size="sm"
              variant="danger"
              icon="trash"
              busy={remove.isPending}
              onClick={() => (asked ? remove.mutate() : setAsked(true))}
            >
              {asked ? 'Delete with its history' : 'Delete'}
            </Button>
          )}
        </FormActions>
      </form>
    </Dialog>
  );
}
