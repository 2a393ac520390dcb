import { useState } from 'react';
import type { Credit, ItemDetail } from '../../../shared/api/items.ts';
import { Button } from '../../ui/button.tsx';
import { FacetLink } from '../facets/facet-link.tsx';

/** People shown before the rest is asked for; a sidecar file names up to a hundred. */
const MAX_SHOWN = 24;

const BEHIND = ['director', 'writer', 'producer'] as const;
const ROLE_WORDS: Readonly<Record<string, string>> = { director: 'Director', writer: 'Writer', producer: 'Producer' };

/** Who took part in a title, and what it has in common with others. */
export function Credits({ item }: { item: ItemDetail }) {
  const groups = [
    { title: 'Genres', facets: item.genres },
    { title: 'Studios', facets: item.studios },
    { title: 'Collections', facets: item.collections },
    { title: 'Tags', facets: item.tags },
  ].filter(({ facets }) => facets.length > 0);
  const [all, setAll] = useState(false);
  if (item.people.length === 0 && groups.length === 0) return null;
  const people = all ? item.people : item.people.slice(0, MAX_SHOWN);
  return (
    <section className="gutter mt-12 flex flex-col gap-7" data-testid="credits">
      {item.people.length > 0 && (
        <div>
          <h2 className="mb-3.5 text-xl font-semibold">Cast and crew</h2>
          <ul className="flex flex-wrap gap-2">
            {people.map((person) => (
              <li key={person.id}>
                <FacetLink facet={person} hint={wordsOf(person)} />
              </li>
            ))}
            {people.length < item.people.length && (
              <li>
                <Button size="sm" variant="ghost" onClick={() => setAll(true)}>
                  All {item.people.length}
                </Button>
              </li>
            )}
          </ul>
        </div>
      )}
      {groups.map(({ title, facets }) => (
        <div key={title}>
          <h2 className="mb-3.5 text-xl font-semibold">{title}</h2>
          <ul className="flex flex-wrap gap-2">
            {facets.slice(0, MAX_SHOWN).map((facet) => (
              <li key={facet.id}>
                <FacetLink facet={facet} />
              </li>
            ))}
          </ul>
        </div>
      ))}
    </section>
  );
}

/** What a person did, or whom they played. */
function wordsOf({ roles, character }: Credit): string {
  const behind = BEHIND.filter((role) => roles.includes(role)).map((role) => ROLE_WORDS[role]);
  return [...behind, character].filter(Boolean).join(', ');
}
