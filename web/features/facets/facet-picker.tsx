import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import type { SearchAnswer } from '../../../shared/api/items.ts';
import { searchQuery } from '../../app/queries.ts';
import { Field } from '../../ui/field.tsx';

export type FoundFacet = SearchAnswer['facets'][number];

interface FacetPickerProps {
  label: string;
  placeholder?: string;
  /** Only these kinds are offered; all where it is left out. */
  kinds?: readonly string[];
  onPick(facet: FoundFacet): void;
}

/** Finds genres, tags, people and the like by the first letters of a word of theirs. */
export function FacetPicker({ label, placeholder, kinds, onPick }: FacetPickerProps) {
  const [typed, setTyped] = useState('');
  const q = useDeferredValue(typed.trim());
  const found = useQuery({ ...searchQuery(q), placeholderData: keepPreviousData });
  const offered = q === '' ? [] : (found.data?.facets ?? []).filter(({ kind }) => kinds?.includes(kind) ?? true);
  return (
    <div>
      <Field
        label={label}
        value={typed}
        placeholder={placeholder}
        onChange={(event) => setTyped(event.target.value)}
        autoComplete="off"
        maxLength={100}
        hint={q !== '' && found.data && offered.length === 0 ? 'Nothing begins with that.' : undefined}
      />
      {offered.length > 0 && (
        <ul className="mt-2 flex flex-wrap gap-2">
          {offered.map((facet) => (
            <li key={facet.id}>
              <button
                type="button"
                onClick={() => {
                  setTyped('');
                  onPick(facet);
                }}
                className="inline-flex h-9 items-center gap-2 rounded-full border border-cream/12 px-3.5 text-sm transition-colors hover:border-amber/60"
              >
                {facet.name}
                <span className="text-xs text-smoke capitalize">{facet.kind}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
