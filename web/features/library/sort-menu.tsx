import { useNavigate } from '@tanstack/react-router';
import type { Sort } from '../../app/queries.ts';
import { ChoiceList } from '../../ui/choice-list.tsx';
import { Icon } from '../../ui/icons.tsx';
import { Popover } from '../../ui/popover.tsx';
import { ORDERS, orderOf } from './orders.ts';

/** The order of the grid; it is part of the address, so that it can be kept. */
export function SortMenu({ sort, dir }: { sort: Sort | undefined; dir: 'asc' | 'desc' | undefined }) {
  const navigate = useNavigate({ from: '/library/$libraryId' });
  const selected = orderOf(sort, dir);
  return (
    <Popover
      label="Sort by"
      trigger={
        <>
          <span className="text-smoke max-sm:hidden">Sort</span>
          <span className="whitespace-nowrap">{selected.label}</span>
          <Icon name="down" className="size-4 text-smoke" />
        </>
      }
      triggerClass="flex h-11 items-center gap-2 rounded-full border border-cream/10 px-4 text-[0.95rem] font-medium transition-colors hover:border-cream/20 hover:bg-cream/5"
      panelClass="right-0 mt-2 w-56 max-h-[70dvh] overflow-y-auto max-sm:right-auto max-sm:left-0"
    >
      {(close) => (
        <ChoiceList
          title="Sort by"
          choices={ORDERS.map(({ id, label }) => ({ value: id, label }))}
          selected={selected.id}
          onChoose={(id) => {
            close();
            const order = ORDERS.find((one) => one.id === id);
            // Shuffled anew each time it is chosen.
            const seed = order?.sort === 'random' ? Math.floor(Math.random() * 2 ** 31) : undefined;
            navigate({ search: (old) => ({ ...old, sort: order?.sort, dir: order?.dir, seed }), replace: true });
          }}
        />
      )}
    </Popover>
  );
}
