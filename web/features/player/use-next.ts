import { useQuery } from '@tanstack/react-query';
import type { ItemCard, ItemDetail } from '../../../shared/api/items.ts';
import { playlistItemsQuery } from '../../app/queries.ts';

/** What is played after a title: the next of the playlist that it is played from, else the next episode. */
export function useNext(item: ItemDetail | undefined, listId: string | null): ItemCard | null {
  const list = useQuery({ ...playlistItemsQuery(listId ?? ''), enabled: listId !== null }).data?.items;
  if (item === undefined) return null;
  if (listId !== null) {
    const at = list?.findIndex((one) => one.id === item.id) ?? -1;
    return at < 0 ? null : (list?.[at + 1] ?? null);
  }
  return item.kind === 'episode' ? item.next : null;
}
