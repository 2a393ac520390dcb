import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { type ChangeSite, Site } from '../../../shared/api/fleet.ts';
import { api } from '../../app/api.ts';
import { messageOf } from '../../app/problem-answer.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { FormActions } from '../../ui/form-actions.tsx';
import { bitrate } from '../../ui/format.ts';

/** What viewers elsewhere may take of a site's line. */
export function SiteLine({ site }: { site: Site }) {
  const [open, setOpen] = useState(false);
  const words = site.uplinkKbps === null ? 'Line: no limit' : `Line: up to ${bitrate(site.uplinkKbps * 1000)}`;
  return (
    <>
      <Button variant="ghost" size="sm" className="ml-auto" onClick={() => setOpen(true)} data-testid="site-line">
        {words}
      </Button>
      {open && <LineDialog site={site} onClose={() => setOpen(false)} />}
    </>
  );
}

function LineDialog({ site, onClose }: { site: Site; onClose(): void }) {
  const queries = useQueryClient();
  const change = useMutation({
    mutationFn: (body: ChangeSite) => api.request(Site, `/sites/${site.id}`, { method: 'PUT', body }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['sites'] });
      onClose();
    },
  });
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const megabits = String(new FormData(event.currentTarget).get('megabits')).trim();
    change.mutate({ uplinkKbps: megabits === '' ? null : Math.round(Number(megabits) * 1000) });
  };
  return (
    <Dialog title={`The line of ${site.name}`} onClose={onClose}>
      <form onSubmit={onSubmit} className="flex flex-col gap-6">
        <Field
          label="Mbit/s for viewers elsewhere, all together"
          name="megabits"
          type="number"
          inputMode="decimal"
          min={0.5}
          step="any"
          defaultValue={site.uplinkKbps === null ? '' : site.uplinkKbps / 1000}
          placeholder="No limit"
          hint="A new viewer gets a smaller picture when less is left, or waits. At home nothing is counted."
          error={change.isError ? messageOf(change.error) : null}
        />
        <FormActions submit="Save" busy={change.isPending} onCancel={onClose} />
      </form>
    </Dialog>
  );
}
