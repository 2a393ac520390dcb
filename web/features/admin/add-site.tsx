import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Site } from '../../../shared/api/fleet.ts';
import { api } from '../../app/api.ts';
import { messageOf } from '../../app/problem-answer.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { FormActions } from '../../ui/form-actions.tsx';

/** A place with machines: home, parents, the cabin. */
export function AddSite() {
  const [open, setOpen] = useState(false);
  const queries = useQueryClient();
  const create = useMutation({
    mutationFn: (name: string) => api.request(Site, '/sites', { method: 'POST', body: { name } }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['sites'] });
      setOpen(false);
    },
  });
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    create.mutate(String(new FormData(event.currentTarget).get('name')).trim());
  };
  return (
    <>
      <Button icon="pin" onClick={() => setOpen(true)}>
        Add site
      </Button>
      {open && (
        <Dialog title="Add a site" onClose={() => setOpen(false)}>
          <form onSubmit={onSubmit} className="flex flex-col gap-6">
            <Field
              label="Name"
              name="name"
              required
              maxLength={100}
              autoFocus
              placeholder="Parents’ house"
              hint="A place where machines stand. Viewers see it beside each copy of a film."
              error={create.isError ? messageOf(create.error) : null}
            />
            <FormActions submit="Add" busy={create.isPending} onCancel={() => setOpen(false)} />
          </form>
        </Dialog>
      )}
    </>
  );
}
