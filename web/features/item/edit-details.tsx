import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { type EditableField, ItemMetadata } from '../../../shared/api/curation.ts';
import type { ItemDetail } from '../../../shared/api/items.ts';
import { api } from '../../app/api.ts';
import { messageOf } from '../../app/problem-answer.ts';
import { metadataQuery } from '../../app/queries.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { ErrorState, Skeleton } from '../../ui/states.tsx';
import { toast } from '../../ui/toasts.tsx';
import { EditPeople } from './edit-people.tsx';
import { FIELD_WORDS, FIELDS, readField, textsOf } from './edited-fields.ts';

/** What an admin says of a title: what is changed here holds against whatever files say. */
export function EditDetails({ item, onClose }: { item: ItemDetail; onClose(): void }) {
  const metadata = useQuery({ ...metadataQuery(item.id), staleTime: 0, gcTime: 0 });
  return (
    <Dialog title="Edit details" onClose={onClose}>
      {metadata.data ? (
        <Form itemId={item.id} metadata={metadata.data} onClose={onClose} />
      ) : metadata.isError ? (
        <ErrorState error={metadata.error} onRetry={() => metadata.refetch()} />
      ) : (
        <Skeleton className="h-96 rounded-2xl" />
      )}
    </Dialog>
  );
}

function Form({ itemId, metadata, onClose }: { itemId: string; metadata: ItemMetadata; onClose(): void }) {
  const before = textsOf(metadata.fields);
  const [texts, setTexts] = useState(before);
  const [locked, setLocked] = useState<ReadonlySet<EditableField>>(new Set(metadata.locked));
  const queries = useQueryClient();
  const save = useMutation({
    mutationFn: (fields: Record<string, unknown>) =>
      api.request(ItemMetadata, `/items/${itemId}/metadata`, { method: 'PUT', body: { fields } }),
    onSuccess: async () => {
      for (const key of [['item'], ['items'], ['home'], ['search'], ['facet'], ['genres'], ['similar']])
        queries.invalidateQueries({ queryKey: key });
      toast('Saved.');
      onClose();
    },
  });
  const values = FIELDS.filter((name) => locked.has(name)).map((name) => [name, readField(name, texts[name])] as const);
  const wrong = new Set(values.flatMap(([name, value]) => (value === undefined ? [name] : [])));
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (wrong.size === 0) save.mutate(Object.fromEntries(values));
  };
  const type = (name: EditableField, text: string) => {
    setTexts({ ...texts, [name]: text });
    setLocked(new Set([...locked, name]));
  };
  const release = (name: EditableField) => {
    setTexts({ ...texts, [name]: before[name] });
    setLocked(new Set([...locked].filter((other) => other !== name)));
  };
  return (
    <form onSubmit={onSubmit} className="flex flex-col gap-4" data-testid="edit-details">
      <p className="text-sm text-smoke">
        What you change is kept, whatever later scans find. “Follow the file” gives a field back to them.
      </p>
      {FIELDS.map((name) => (
        <div key={name}>
          {name === 'overview' ? (
            <Overview text={texts[name]} onType={(text) => type(name, text)} />
          ) : name === 'people' ? (
            <EditPeople
              label={FIELD_WORDS[name]}
              people={JSON.parse(texts[name])}
              onChange={(people) => type(name, JSON.stringify(people))}
            />
          ) : (
            <Field
              label={FIELD_WORDS[name]}
              value={texts[name]}
              inputMode={name === 'year' || name === 'rating' ? 'decimal' : 'text'}
              error={wrong.has(name) ? 'This cannot be it.' : null}
              onChange={(event) => type(name, event.target.value)}
              testId={`edit-${name}`}
            />
          )}
          {locked.has(name) && (
            <p className="mt-1.5 flex items-center justify-between gap-3 text-sm text-amber">
              Set by hand
              <button
                type="button"
                className="rounded text-sand hover:text-cream hover:underline"
                onClick={() => release(name)}
              >
                Follow the file
              </button>
            </p>
          )}
        </div>
      ))}
      {save.isError && (
        <p role="alert" className="text-sm text-bad">
          {messageOf(save.error)}
        </p>
      )}
      <div className="sticky bottom-0 -mx-6 -mb-6 flex justify-end gap-3 border-t border-cream/8 bg-ash-900 px-6 py-4 sm:-mx-7 sm:-mb-7 sm:px-7">
        <Button variant="ghost" onClick={onClose}>
          Cancel
        </Button>
        <Button
          variant="primary"
          type="submit"
          busy={save.isPending}
          disabled={wrong.size > 0}
          data-testid="save-details"
        >
          Save
        </Button>
      </div>
    </form>
  );
}

function Overview({ text, onType }: { text: string; onType(text: string): void }) {
  return (
    <label className="block">
      <span className="mb-1.5 block text-sm font-medium text-sand">{FIELD_WORDS.overview}</span>
      <textarea
        value={text}
        rows={5}
        maxLength={10_000}
        onChange={(event) => onType(event.target.value)}
        className="w-full rounded-xl border border-cream/12 bg-coal/60 px-4 py-3 text-[1rem] text-cream transition-colors hover:border-cream/20 focus:border-amber/70 focus:ring-3 focus:ring-amber/20 focus:outline-none"
      />
    </label>
  );
}
