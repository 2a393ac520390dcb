import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Playlist } from '../../../shared/api/facets.ts';
import type { ItemCard } from '../../../shared/api/items.ts';
import { api } from '../../app/api.ts';
import { messageOf } from '../../app/problem-answer.ts';
import { playlistItemsQuery, playlistsQuery } from '../../app/queries.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { Icon } from '../../ui/icons.tsx';
import { toast } from '../../ui/toasts.tsx';

/** Puts a title at the end of one of the person's playlists, or into a new one. */
export function AddToPlaylist({ item, onClose }: { item: ItemCard; onClose(): void }) {
  const [name, setName] = useState('');
  const queries = useQueryClient();
  const playlists = useQuery(playlistsQuery).data?.items ?? [];
  const add = useMutation({
    mutationFn: async (to: { id: string; name: string } | null) => {
      const list = to ?? (await api.request(Playlist, '/playlists', { method: 'POST', body: { name } }));
      const { items } = await queries.fetchQuery({ ...playlistItemsQuery(list.id), staleTime: 0 });
      const ids = items.map((one) => one.id);
      if (!ids.includes(item.id)) {
        await api.command(`/playlists/${list.id}`, { method: 'PUT', body: { items: [...ids, item.id] } });
      }
      return list;
    },
    onSuccess: (list) => {
      queries.invalidateQueries({ queryKey: playlistsQuery.queryKey });
      queries.invalidateQueries({ queryKey: playlistItemsQuery(list.id).queryKey });
      toast(`“${item.title}” is in “${list.name}”.`);
      onClose();
    },
    onError: (error) => toast(messageOf(error), 'error'),
  });
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (name.trim() !== '') add.mutate(null);
  };
  return (
    <Dialog title="Add to a playlist" onClose={onClose}>
      <ul className="mb-5 flex max-h-[40dvh] flex-col gap-2 overflow-y-auto">
        {playlists.map((list) => (
          <li key={list.id}>
            <button
              type="button"
              disabled={add.isPending}
              onClick={() => add.mutate(list)}
              className="flex w-full items-center gap-3 rounded-xl border border-cream/10 px-4 py-3 text-left font-medium transition-colors hover:border-cream/25 hover:bg-cream/5"
            >
              <Icon name="list" className="text-amber" />
              <span className="min-w-0 truncate">{list.name}</span>
            </button>
          </li>
        ))}
      </ul>
      <form onSubmit={onSubmit} className="flex items-end gap-3">
        <div className="min-w-0 flex-1">
          <Field
            label={playlists.length > 0 ? 'Or a new one' : 'Name of a new playlist'}
            value={name}
            onChange={(event) => setName(event.target.value)}
            maxLength={100}
            testId="playlist-name"
          />
        </div>
        <Button variant="primary" type="submit" className="h-12" busy={add.isPending} disabled={name.trim() === ''}>
          Add
        </Button>
      </form>
    </Dialog>
  );
}
