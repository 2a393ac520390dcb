import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { type ChangePerson, Person } from '../../../shared/api/users.ts';
import { api } from '../../app/api.ts';
import { messageOf } from '../../app/problem-answer.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { FormActions } from '../../ui/form-actions.tsx';
import { toast } from '../../ui/toasts.tsx';
import { type Access, AccessFields, useGrantableRoles } from './access-fields.tsx';
import { DeviceList } from './device-list.tsx';
import { HiddenFields } from './hidden-fields.tsx';
import { peopleQuery } from './queries.ts';
import { ResetPassword } from './reset-password.tsx';
import { SeeAsButton } from './see-as-button.tsx';
import { ViewingLimitFields } from './viewing-limits.tsx';

/** One account: role, libraries, devices; turned off, reset, deleted. */
export function EditPerson({ person, onClose }: { person: Person; onClose(): void }) {
  const [access, setAccess] = useState<Access>(person);
  const [asked, setAsked] = useState(false);
  const grantable = useGrantableRoles();
  const queries = useQueryClient();
  const done = async () => {
    await queries.invalidateQueries({ queryKey: peopleQuery.queryKey });
    onClose();
  };
  const change = useMutation({
    mutationFn: (body: ChangePerson) => api.request(Person, `/users/${person.id}`, { method: 'PUT', body }),
    onSuccess: done,
  });
  const remove = useMutation({
    mutationFn: () => api.command(`/users/${person.id}`, { method: 'DELETE' }),
    onSuccess: done,
    onError: (error) => toast(messageOf(error), 'error'),
  });
  const { role, libraryIds, maxAge } = access;
  const save = (disabled: boolean) => change.mutate({ role, libraryIds, maxAge, disabled });
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    save(person.disabled);
  };
  const roles = grantable.includes(person.role) ? grantable : [person.role, ...grantable];

  return (
    <Dialog title={person.name} onClose={onClose}>
      <form onSubmit={onSubmit} className="flex flex-col gap-5">
        <AccessFields roles={roles} access={access} onChange={setAccess} />
        <FormActions
          submit="Save"
          busy={change.isPending}
          error={change.error}
          onCancel={onClose}
          testId="save-person"
        />
      </form>
      {(person.role === 'member' || person.role === 'child') && (
        <section className="mt-7 border-t border-cream/8 pt-5">
          <h3 className="mb-1 font-semibold">Hidden</h3>
          <HiddenFields userId={person.id} />
        </section>
      )}
      <section className="mt-7 border-t border-cream/8 pt-5">
        <h3 className="mb-3 font-semibold">Limits</h3>
        <ViewingLimitFields userId={person.id} />
      </section>
      <section className="mt-7 border-t border-cream/8 pt-5">
        <h3 className="mb-1 font-semibold">With their eyes</h3>
        <p className="mb-3 text-sm text-pretty text-smoke">
          What they may see, without what they watched. Nothing can be changed, and the log tells that you looked.
        </p>
        <div className="flex flex-wrap gap-3">
          {[person, ...person.profiles].map(({ id, name }) => (
            <SeeAsButton key={id} id={id} name={name} />
          ))}
        </div>
      </section>
      <section className="mt-7 border-t border-cream/8 pt-5">
        <h3 className="mb-3 font-semibold">Devices</h3>
        <DeviceList userId={person.id} />
      </section>
      <section className="mt-7 border-t border-cream/8 pt-5">
        <h3 className="mb-3 font-semibold">Account</h3>
        <ResetPassword person={person} />
        <div className="mt-3 flex flex-wrap gap-3">
          <Button size="sm" busy={change.isPending} onClick={() => save(!person.disabled)}>
            {person.disabled ? 'Turn on again' : 'Turn off'}
          </Button>
          {asked ? (
            <Button size="sm" variant="danger" icon="trash" busy={remove.isPending} onClick={() => remove.mutate()}>
              Delete {person.name} and what they watched
            </Button>
          ) : (
            <Button size="sm" variant="danger" icon="trash" onClick={() => setAsked(true)}>
              Delete
            </Button>
          )}
        </div>
      </section>
    </Dialog>
  );
}
