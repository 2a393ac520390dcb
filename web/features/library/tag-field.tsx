import { useQuery } from '@tanstack/react-query';
import { facetQuery } from '../../app/queries.ts';
import { Icon } from '../../ui/icons.tsx';
import { FacetPicker } from '../facets/facet-picker.tsx';

const KINDS = ['tag'];

/** A tag of the filter, of which there may be thousands: it is found by its first letters. */
export function TagField({ tag, onChange }: { tag: string | undefined; onChange(tag: string | undefined): void }) {
  const name = useQuery({ ...facetQuery(tag ?? ''), enabled: tag !== undefined }).data?.name;
  if (tag === undefined) return <FacetPicker label="Tag" kinds={KINDS} onPick={({ id }) => onChange(id)} />;
  return (
    <div className="flex items-center justify-between gap-3 text-[0.95rem]">
      <span className="text-sand">Tag</span>
      <button
        type="button"
        title="Any tag"
        onClick={() => onChange(undefined)}
        className="inline-flex h-10 max-w-40 items-center gap-2 rounded-xl border border-amber/40 px-3"
      >
        <span className="truncate">{name ?? '…'}</span>
        <Icon name="close" className="size-3.5" />
      </button>
    </div>
  );
}
