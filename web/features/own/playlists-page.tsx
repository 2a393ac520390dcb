import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { Playlist } from '../../../shared/api/facets.ts';
import { api } from '../../app/api.ts';
import { messageOf } from '../../app/problem-answer.ts';
import { playlistsQuery } from '../../app/queries.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { FormActions } from '../../ui/form-actions.tsx';
import { Icon } from '../../ui/icons.tsx';
import { EmptyState, ErrorState, Skeleton } from '../../ui/states.tsx';

const DATE = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', year: 'numeric' });

/** A person's own playlists. */
export function PlaylistsPage() {
  const playlists = useQuery(playlistsQuery);
  const [making, setMaking] = useState(false);
  const list = playlists.data?.items;
  const make = (
    <Button variant="primary" icon="plus" data-testid="new-playlist" onClick={() => setMaking(true)}>
      New playlist
    </Button>
  );
  return (
    <div className="gutter pt-6 md:pt-8">
      <title>Playlists · Hearthcast</title>
      <div className="mb-6 flex flex-wrap items-center justify-between gap-4">
        <h1 className="text-3xl font-bold md:text-4xl">Playlists</h1>
        {list !== undefined && list.length > 0 && make}
      </div>
      {playlists.isPending && [1, 2, 3].map((n) => <Skeleton key={n} className="mb-3 h-18 max-w-3xl rounded-2xl" />)}
      {playlists.isError && list === undefined && (
        <ErrorState error={playlists.error} onRetry={() => playlists.refetch()} />
      )}
      {list?.length === 0 && (
        <EmptyState icon="list" title="No playlists yet" action={make}>
          Put titles in an order of your own, and play them one after the other.
        </EmptyState>
      )}
      <ul className="flex max-w-3xl flex-col gap-2.5">
        {list?.map(({ id, name, updatedAt }) => (
          <li key={id}>
            <Link
              to="/playlist/$playlistId"
              params={{ playlistId: id }}
              className="panel flex items-center gap-4 px-4 py-4 transition-colors hover:bg-cream/5 sm:px-5"
            >
              <span className="grid size-11 shrink-0 place-items-center rounded-xl bg-ash-800 text-amber">
                <Icon name="list" />
              </span>
              <span className="min-w-0 flex-1">
                <span className="block truncate font-semibold">{name}</span>
                <span className="block text-sm text-smoke">Changed on {DATE.format(updatedAt)}</span>
              </span>
              <Icon name="forward" className="text-smoke" />
            </Link>
          </li>
        ))}
      </ul>
      {making && <NewPlaylist onClose={() => setMaking(false)} />}
    </div>
  );
}

function NewPlaylist({ onClose }: { onClose(): void }) {
  const [name, setName] = useState('');
  const queries = useQueryClient();
  const navigate = useNavigate();
  const make = useMutation({
    mutationFn: () => api.request(Playlist, '/playlists', { method: 'POST', body: { name } }),
    onSuccess: async ({ id }) => {
      await queries.invalidateQueries({ queryKey: playlistsQuery.queryKey });
      navigate({ to: '/playlist/$playlistId', params: { playlistId: id } });
    },
  });
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (name.trim() !== '') make.mutate();
  };
  return (
    <Dialog title="New playlist" onClose={onClose}>
      <form onSubmit={onSubmit} className="flex flex-col gap-5">
        <Field
          label="Name"
          value={name}
          onChange={(event) => setName(event.target.value)}
          maxLength={100}
          error={make.isError ? messageOf(make.error) : null}
          testId="playlist-name"
        />
        <FormActions submit="Make it" busy={make.isPending} disabled={name.trim() === ''} onCancel={onClose} />
      </form>
    </Dialog>
  );
}
