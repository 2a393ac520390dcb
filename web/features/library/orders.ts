import type { Sort } from '../../app/queries.ts';

interface Order {
  id: string;
  label: string;
  sort: Sort;
  dir: 'asc' | 'desc';
}

const NEWEST: Order = { id: 'newest', label: 'Recently added', sort: 'added', dir: 'desc' };

export const ORDERS: readonly Order[] = [
  NEWEST,
  { id: 'oldest', label: 'First added', sort: 'added', dir: 'asc' },
  { id: 'title', label: 'Title A to Z', sort: 'title', dir: 'asc' },
  { id: 'title-back', label: 'Title Z to A', sort: 'title', dir: 'desc' },
  { id: 'year', label: 'Newest films first', sort: 'year', dir: 'desc' },
  { id: 'year-back', label: 'Oldest films first', sort: 'year', dir: 'asc' },
  { id: 'rating', label: 'Best rated', sort: 'rating', dir: 'desc' },
  { id: 'long', label: 'Longest', sort: 'runtime', dir: 'desc' },
  { id: 'short', label: 'Shortest', sort: 'runtime', dir: 'asc' },
  { id: 'played', label: 'Played last', sort: 'played', dir: 'desc' },
  { id: 'random', label: 'Shuffled', sort: 'random', dir: 'asc' },
];

/** The order that an address asks for; without one, the newest first. */
export function orderOf(sort: Sort | undefined, dir: 'asc' | 'desc' | undefined): Order {
  const wanted = sort ?? 'added';
  const direction = dir ?? (wanted === 'title' || wanted === 'random' ? 'asc' : 'desc');
  return ORDERS.find((order) => order.sort === wanted && order.dir === direction) ?? NEWEST;
}
