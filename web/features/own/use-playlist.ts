import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ItemCard } from '../../../shared/api/items.ts';
import { api } from '../../app/api.ts';
import { messageOf } from '../../app/problem-answer.ts';
import { playlistItemsQuery, playlistsQuery } from '../../app/queries.ts';
import { toast } from '../../ui/toasts.tsx';

/** Sets what a playlist holds, or its name; shown at once, taken back when the server refuses. */
export function useChangePlaylist(id: string) {
  const queries = useQueryClient();
  const { queryKey } = playlistItemsQuery(id);
  return useMutation({
    mutationFn: ({ items, name }: { items?: readonly ItemCard[]; name?: string }) =>
      api.command(`/playlists/${id}`, {
        method: 'PUT',
        body: { ...(name !== undefined && { name }), ...(items && { items: items.map((item) => item.id) }) },
      }),
    onMutate: async ({ items }) => {
      await queries.cancelQueries({ queryKey });
      const before = queries.getQueryData(queryKey);
      if (items) queries.setQueryData(queryKey, { items: [...items], next: null });
      return { before };
    },
    onError: (error, _change, context) => {
      queries.setQueryData(queryKey, context?.before);
      toast(messageOf(error), 'error');
    },
    onSettled: () => {
      for (const key of [queryKey, playlistsQuery.queryKey]) queries.invalidateQueries({ queryKey: key });
    },
  });
}

/** A list with one of its entries a place up or down; as it was where there is no such place. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const copy = [...list];
  if (to < 0 || to >= list.length) return copy;
  copy.splice(to, 0, ...copy.splice(from, 1));
  return copy;
}
