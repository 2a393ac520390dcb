import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useDeferredValue, useState } from 'react';
import type { ItemCard, ItemDetail } from '../../../shared/api/items.ts';
import { api } from '../../app/api.ts';
import { messageOf } from '../../app/problem-answer.ts';
import { metadataQuery, searchQuery } from '../../app/queries.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { toast } from '../../ui/toasts.tsx';

/** Other titles that are offered: enough to choose from, few enough to look through. */
const OFFERED = 6;

/** An admin says that two titles are one, or takes them apart again; nobody loses what they did with either. */
export function MergeTitles({ item, onClose }: { item: ItemDetail; onClose(): void }) {
  const [typed, setTyped] = useState(item.title);
  const q = useDeferredValue(typed.trim());
  const queries = useQueryClient();
  const navigate = useNavigate();
  const merged = useQuery({ ...metadataQuery(item.id), staleTime: 0 }).data?.merged ?? [];
  const found = useQuery({ ...searchQuery(q), placeholderData: keepPreviousData }).data?.items ?? [];
  const others = found.filter((one) => one.kind === item.kind && one.id !== item.id).slice(0, OFFERED);
  const settle = () => {
    for (const key of [['item'], ['items'], ['children'], ['home'], ['search']])
      queries.invalidateQueries({ queryKey: key });
  };
  const onError = (error: unknown) => toast(messageOf(error), 'error');
  const merge = useMutation({
    mutationFn: (into: ItemCard) => api.command(`/items/${item.id}/merge`, { method: 'POST', body: { into: into.id } }),
    onSuccess: async (_answer, into) => {
      onClose();
      await navigate({ to: '/item/$itemId', params: { itemId: into.id }, replace: true });
      settle();
      toast(`“${item.title}” is now part of “${into.title}”.`);
    },
    onError,
  });
  const split = useMutation({
    mutationFn: (id: string) => api.command(`/items/${id}/split`, { method: 'POST', body: {} }),
    onSuccess: () => {
      settle();
      onClose();
      toast('They are two titles again.');
    },
    onError,
  });
  return (
    <Dialog title="Merge or split" onClose={onClose}>
      <div className="flex flex-col gap-6">
        {merged.length > 0 && (
          <section>
            <h3 className="mb-2 font-semibold">Part of this title</h3>
            <ul className="flex flex-col gap-2">
              {merged.map((one) => (
                <Entry key={one.id} title={one.title} year={one.year}>
                  <Button size="sm" busy={split.isPending} onClick={() => split.mutate(one.id)}>
                    Split off
                  </Button>
                </Entry>
              ))}
            </ul>
          </section>
        )}
        <section>
          <Field
            label="It is the same as"
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            autoComplete="off"
            hint="Its files go there. What people watched and rated is shown there too, and comes apart again unharmed."
            testId="merge-search"
          />
          <ul className="mt-3 flex flex-col gap-2" data-testid="merge-offers">
            {others.map((one) => (
              <Entry key={one.id} title={one.title} year={one.year}>
                <Button size="sm" busy={merge.isPending} onClick={() => merge.mutate(one)}>
                  Merge into it
                </Button>
              </Entry>
            ))}
          </ul>
          {q !== '' && others.length === 0 && <p className="text-sm text-smoke">No other title is called that.</p>}
        </section>
      </div>
    </Dialog>
  );
}

function Entry({ title, year, children }: { title: string; year: number | null; children: ReactNode }) {
  return (
    <li className="flex items-center justify-between gap-3 rounded-xl border border-cream/10 py-2.5 pr-2.5 pl-4">
      <span className="min-w-0">
        <span className="block truncate font-medium">{title}</span>
        {year !== null && <span className="block text-sm text-smoke">{year}</span>}
      </span>
      {children}
    </li>
  );
}
