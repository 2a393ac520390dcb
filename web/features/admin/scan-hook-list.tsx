import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { Library } from '../../../shared/api/libraries.ts';
import { CreatedScanHook, type CreateScanHook } from '../../../shared/api/scans.ts';
import { api } from '../../app/api.ts';
import { messageOf } from '../../app/problem-answer.ts';
import { scanHooksQuery } from '../../app/queries.ts';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { FormActions } from '../../ui/form-actions.tsx';
import { ago } from '../../ui/format.ts';
import { toast } from '../../ui/toasts.tsx';

/** Addresses at which other programs ask for a scan. */
export function ScanHookList({ libraries }: { libraries: readonly Library[] }) {
  const hooks = useQuery(scanHooksQuery).data?.items ?? [];
  const [making, setMaking] = useState(false);
  const queries = useQueryClient();
  const revoke = useMutation({
    mutationFn: (id: string) => api.command(`/scan-hooks/${id}`, { method: 'DELETE' }),
    onSuccess: () => queries.invalidateQueries({ queryKey: scanHooksQuery.queryKey }),
    onError: (error) => toast(messageOf(error), 'error'),
  });
  return (
    <section className="mt-10 mb-12">
      <h2 className="mb-1 text-xl font-semibold">Webhooks</h2>
      <p className="mb-3 max-w-2xl text-pretty text-sand">
        A program that brings new films, such as a download client, calls one of these addresses when it is done, and
        the machines look at once.
      </p>
      {making && <MakeHook libraries={libraries} onClose={() => setMaking(false)} />}
      <ul className="panel mb-4 divide-y divide-cream/8 empty:hidden">
        {hooks.map((hook) => (
          <li key={hook.id} className="flex items-center gap-4 px-5 py-3.5">
            <div className="min-w-0 flex-1">
              <p className="truncate font-medium">{hook.name}</p>
              <p className="text-sm text-smoke">
                {hook.library?.name ?? 'All libraries'} ·{' '}
                {hook.lastUsedAt === null ? 'never called' : `called ${ago(hook.lastUsedAt, Date.now())}`}
              </p>
            </div>
            <Button size="sm" variant="danger" disabled={revoke.isPending} onClick={() => revoke.mutate(hook.id)}>
              Revoke
            </Button>
          </li>
        ))}
      </ul>
      <Button icon="plus" onClick={() => setMaking(true)}>
        Make a webhook
      </Button>
    </section>
  );
}

function MakeHook({ libraries, onClose }: { libraries: readonly Library[]; onClose: () => void }) {
  const queries = useQueryClient();
  const make = useMutation({
    mutationFn: (body: CreateScanHook) => api.request(CreatedScanHook, '/scan-hooks', { method: 'POST', body }),
    onSuccess: () => queries.invalidateQueries({ queryKey: scanHooksQuery.queryKey }),
  });
  if (make.data) return <MadeHook address={location.origin + make.data.path} onClose={onClose} />;
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const said = new FormData(event.currentTarget);
    make.mutate({ name: String(said.get('name')).trim(), libraryId: String(said.get('library')) || null });
  };
  return (
    <Dialog title="Make a webhook" onClose={onClose}>
      <form onSubmit={onSubmit} className="flex flex-col gap-5">
        <Field
          label="Name"
          name="name"
          required
          maxLength={100}
          autoFocus
          placeholder="Download client"
          hint="What calls it. It is named in the list of scans."
          error={make.isError ? messageOf(make.error) : null}
        />
        <label className="flex items-center justify-between gap-4 text-sm text-sand">
          What is scanned
          <select
            name="library"
            defaultValue=""
            className="h-10 min-w-0 rounded-xl border border-cream/12 bg-coal/60 px-3 text-[0.95rem] text-cream"
          >
            <option value="">All libraries</option>
            {libraries.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <FormActions submit="Make it" busy={make.isPending} onCancel={onClose} />
      </form>
    </Dialog>
  );
}

function MadeHook({ address, onClose }: { address: string; onClose: () => void }) {
  return (
    <Dialog title="The webhook’s address" onClose={onClose}>
      <p className="text-pretty text-sand">
        Whoever has this address can ask for scans, and nothing else. It is shown this once: if it is lost, revoke it
        and make another.
      </p>
      <div className="mt-5 rounded-2xl bg-coal/60 p-5">
        <div className="mb-2 flex items-center justify-between">
          <p className="text-sm text-smoke">Call it with POST</p>
          <CopyButton text={address} />
        </div>
        <pre
          data-testid="hook-address"
          className="font-mono text-sm leading-relaxed break-all whitespace-pre-wrap text-cream select-all"
        >
          {address}
        </pre>
      </div>
      <p className="mt-4 text-sm text-pretty text-smoke">
        With <code className="text-sand">?full=true</code> behind it every folder is looked into.
      </p>
      <div className="mt-6 flex justify-end">
        <Button variant="primary" onClick={onClose}>
          Done
        </Button>
      </div>
    </Dialog>
  );
}
