import { Link } from '@tanstack/react-router';
import type { FacetRef } from '../../../shared/api/items.ts';

/** A genre, a person or the like, which leads to all that has it. */
export function FacetLink({ facet, hint }: { facet: FacetRef; hint?: string }) {
  return (
    <Link
      to="/of/$facetId"
      params={{ facetId: facet.id }}
      className="inline-flex h-9 items-center gap-2 rounded-full border border-cream/12 px-3.5 text-[0.95rem] text-cream/85 transition-colors hover:border-cream/30 hover:text-cream"
    >
      {facet.name}
      {hint && <span className="inline-block text-xs text-smoke first-letter:uppercase">{hint}</span>}
    </Link>
  );
}
