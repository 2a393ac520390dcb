import { Link } from '@tanstack/react-router';
import { FACET_LISTS, type FacetList } from './facet-kinds.ts';

/** The ways into the catalog beside its libraries. */
export function FacetTabs() {
  return (
    <nav aria-label="Browse by" className="mb-6 flex flex-wrap gap-2">
      {(Object.keys(FACET_LISTS) as FacetList[]).map((kind) => (
        <Link
          key={kind}
          to="/by/$kind"
          params={{ kind }}
          className="inline-flex h-10 items-center rounded-full border border-cream/12 px-4 text-[0.95rem] text-cream/85 transition-colors hover:border-cream/30 hover:text-cream aria-[current=page]:border-cream aria-[current=page]:bg-cream aria-[current=page]:text-coal"
        >
          {FACET_LISTS[kind].title}
        </Link>
      ))}
    </nav>
  );
}
