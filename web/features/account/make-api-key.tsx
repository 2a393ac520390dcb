import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { type CreateApiKey, CreatedApiKey, type Scope } from '../../../shared/api/api-keys.ts';
import { api } from '../../app/api.ts';
import { meQuery } from '../../app/queries.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { FormActions } from '../../ui/form-actions.tsx';
import { CodePanel } from '../people/code-panel.tsx';
import { apiKeysQuery } from '../people/queries.ts';
import { isAdmin } from '../shell/roles.ts';

const SCOPE_WORDS: Readonly<Record<Scope, string>> = {
  read: 'Look: libraries, titles, pictures, search',
  play: 'Play, and mark what was watched',
  admin: 'Administer: machines, people, scans',
  backup: 'Make and take backups',
};

const LIVES: readonly { days: number | null; label: string }[] = [
  { days: 30, label: 'A month' },
  { days: 365, label: 'A year' },
  { days: null, label: 'Until it is ended' },
];

/** A key with scopes and an end, shown once. */
export function MakeApiKey({ onClose }: { onClose(): void }) {
  const role = useQuery(meQuery).data?.role;
  const [scopes, setScopes] = useState<readonly Scope[]>(['read']);
  const queries = useQueryClient();
  const create = useMutation({
    mutationFn: (body: CreateApiKey) => api.request(CreatedApiKey, '/api-keys', { method: 'POST', body }),
    onSuccess: () => queries.invalidateQueries({ queryKey: apiKeysQuery.queryKey }),
  });
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const days = form.get('days');
    create.mutate({
      name: String(form.get('name')).trim(),
      scopes: [...scopes],
      expiresInDays: days === '' ? null : Number(days),
    });
  };
  if (create.data)
    return (
      <Dialog title="The key is ready" onClose={onClose}>
        <p className="mb-5 text-pretty text-sand">
          Programs send it as <code className="text-cream">Authorization: Bearer …</code> Keep it like a password.
        </p>
        <CodePanel label={create.data.name} text={create.data.key} expiresAt={create.data.expiresAt} testId="api-key" />
        <div className="mt-6 flex justify-end">
          <Button variant="primary" onClick={onClose}>
            Done
          </Button>
        </div>
      </Dialog>
    );
  const offered = (Object.keys(SCOPE_WORDS) as Scope[]).filter(
    (scope) => (scope !== 'admin' || isAdmin(role)) && (scope !== 'backup' || role === 'owner'),
  );
  return (
    <Dialog title="Make an API key" onClose={onClose}>
      <form onSubmit={onSubmit} className="flex flex-col gap-5">
        <Field label="Name" name="name" required maxLength={100} placeholder="Backup script" />
        <fieldset>
          <legend className="mb-1.5 text-sm font-medium text-sand">What it may do</legend>
          {offered.map((scope) => (
            <label key={scope} className="flex cursor-pointer items-center gap-3 py-1.5">
              <input
                type="checkbox"
                checked={scopes.includes(scope)}
                onChange={(event) =>
                  setScopes(event.target.checked ? [...scopes, scope] : scopes.filter((other) => other !== scope))
                }
                className="size-4 accent-amber"
              />
              {SCOPE_WORDS[scope]}
            </label>
          ))}
        </fieldset>
        <label className="flex items-center justify-between gap-4 text-sm text-sand">
          How long is it good?
          <select
            name="days"
            defaultValue="365"
            className="h-10 rounded-xl border border-cream/12 bg-coal/60 px-3 text-[0.95rem] text-cream"
          >
            {LIVES.map(({ days, label }) => (
              <option key={label} value={days ?? ''}>
                {label}
              </option>
            ))}
          </select>
        </label>
        <FormActions
          submit="Make the key"
          busy={create.isPending}
          disabled={scopes.length === 0}
          error={create.error}
          onCancel={onClose}
        />
      </form>
    </Dialog>
  );
}
