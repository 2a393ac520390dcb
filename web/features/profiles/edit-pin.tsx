import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { Profile } from '../../../shared/api/profiles.ts';
import { api } from '../../app/api.ts';
import { messageOf } from '../../app/problem-answer.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { FormActions } from '../../ui/form-actions.tsx';
import { profilesQuery } from './queries.ts';

/** Sets the PIN of a profile, or takes it away. */
export function EditPin({ profile, onClose }: { profile: Profile; onClose(): void }) {
  const queries = useQueryClient();
  const set = useMutation({
    mutationFn: (pin: string | null) =>
      api.request(Profile, `/profiles/${profile.id}/pin`, { method: 'PUT', body: { pin } }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: profilesQuery.queryKey });
      onClose();
    },
  });
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    set.mutate(String(new FormData(event.currentTarget).get('pin')));
  };
  return (
    <Dialog title={`PIN of ${profile.name}`} onClose={onClose}>
      <form onSubmit={onSubmit} className="flex flex-col gap-5">
        <Field
          label="New PIN"
          hint="4 to 8 digits. Your password opens every profile too."
          name="pin"
          inputMode="numeric"
          pattern="\d{4,8}"
          required
          maxLength={8}
          autoComplete="off"
          error={set.isError ? messageOf(set.error) : null}
          className="text-center font-mono text-2xl tracking-[0.5em]"
          testId="new-pin"
        />
        <FormActions submit="Set the PIN" busy={set.isPending} onCancel={onClose} testId="save-pin">
          {profile.pin && (
            <Button size="sm" variant="danger" onClick={() => set.mutate(null)}>
              Take it away
            </Button>
          )}
        </FormActions>
      </form>
    </Dialog>
  );
}
