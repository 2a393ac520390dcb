import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { HiddenFacets } from '../../../shared/api/facets.ts';
import { api } from '../../app/api.ts';
import { messageOf } from '../../app/problem-answer.ts';
import { Icon } from '../../ui/icons.tsx';
import { toast } from '../../ui/toasts.tsx';
import { FacetPicker } from '../facets/facet-picker.tsx';
import { hiddenQuery } from './queries.ts';

/** What is hidden from a person, with all titles that have it; kept at once. */
export function HiddenFields({ userId }: { userId: string }) {
  const queries = useQueryClient();
  const { queryKey } = hiddenQuery(userId);
  const hidden = useQuery(hiddenQuery(userId)).data?.items;
  const save = useMutation({
    mutationFn: (ids: string[]) =>
      api.request(HiddenFacets, `/users/${userId}/hidden`, { method: 'PUT', body: { ids } }),
    onSuccess: (answer) => queries.setQueryData(queryKey, answer),
    onError: (error) => toast(messageOf(error), 'error'),
  });
  if (hidden === undefined) return null;
  const ids = hidden.map((facet) => facet.id);
  return (
    <div className="flex flex-col gap-3" data-testid="hidden">
      <p className="text-sm text-smoke">Titles that have one of these are not shown to them anywhere.</p>
      {hidden.length > 0 && (
        <ul className="flex flex-wrap gap-2">
          {hidden.map((facet) => (
            <li key={facet.id}>
              <button
                type="button"
                disabled={save.isPending}
                aria-label={`Show ${facet.name} again`}
                title="Show again"
                onClick={() => save.mutate(ids.filter((id) => id !== facet.id))}
                className="inline-flex h-9 items-center gap-2 rounded-full bg-cream/10 pr-2.5 pl-3.5 text-sm transition-colors hover:bg-cream/18"
              >
                {facet.name}
                <span className="text-xs text-smoke capitalize">{facet.kind}</span>
                <Icon name="close" className="size-3.5" />
              </button>
            </li>
          ))}
        </ul>
      )}
      <FacetPicker
        label="Hide a genre, tag, person, studio or collection"
        placeholder="First letters of its name"
        onPick={(facet) => save.mutate([...new Set([...ids, facet.id])])}
      />
    </div>
  );
}
