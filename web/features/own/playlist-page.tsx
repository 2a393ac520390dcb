import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import type { ItemCard } from '../../../shared/api/items.ts';
import { api } from '../../app/api.ts';
import { messageOf } from '../../app/problem-answer.ts';
import { playlistItemsQuery, playlistsQuery } from '../../app/queries.ts';
import { Still } from '../../ui/artwork.tsx';
import { Button, buttonClass, IconButton } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { count } from '../../ui/format.ts';
import { Icon } from '../../ui/icons.tsx';
import { cardLines } from '../../ui/item-words.ts';
import { EmptyState, ErrorState, Skeleton } from '../../ui/states.tsx';
import { toast } from '../../ui/toasts.tsx';
import { moved, useChangePlaylist } from './use-playlist.ts';

/** Series and seasons are in a list as a whole, and are not played as one. */
const playable = (item: ItemCard) => item.kind !== 'series' && item.kind !== 'season';

/** One playlist: played through from any place, put in order, renamed, deleted. */
export function PlaylistPage() {
  const { playlistId } = useParams({ from: '/member/shell/playlist/$playlistId' });
  const { data, isError, error, refetch } = useQuery(playlistItemsQuery(playlistId));
  const name = useQuery(playlistsQuery).data?.items.find((one) => one.id === playlistId)?.name;
  const { mutate } = useChangePlaylist(playlistId);
  const [editing, setEditing] = useState(false);
  if (isError && data === undefined) return <ErrorState error={error} onRetry={() => refetch()} />;
  const items = data?.items;
  const first = items?.find(playable);
  return (
    <div className="gutter pt-6 md:pt-8">
      <title>{name ? `${name} · Hearthcast` : 'Hearthcast'}</title>
      <div className="mb-6 flex flex-wrap items-end justify-between gap-x-6 gap-y-4">
        <div className="min-w-0">
          <Link to="/playlists" className="text-sm font-semibold tracking-wide text-smoke uppercase hover:text-cream">
            Playlist
          </Link>
          {name === undefined ? (
            <Skeleton className="h-10 w-52" />
          ) : (
            <h1 className="text-3xl font-bold break-words md:text-4xl">{name}</h1>
          )}
          {items && items.length > 0 && <p className="mt-1.5 text-sand">{count(items.length, 'title')}</p>}
        </div>
        <div className="flex gap-2.5">
          {first && (
            <Link
              to="/play/$itemId"
              params={{ itemId: first.id }}
              search={{ list: playlistId }}
              preload={false}
              data-testid="play-list"
              className={buttonClass('primary')}
            >
              <Icon name="play" />
              Play all
            </Link>
          )}
          <Button icon="edit" onClick={() => setEditing(true)}>
            Edit
          </Button>
        </div>
      </div>
      {items === undefined && [1, 2, 3].map((n) => <Skeleton key={n} className="mb-3 h-24 max-w-4xl rounded-2xl" />)}
      {items?.length === 0 && (
        <EmptyState icon="list" title="Nothing in it yet">
          On the page of a title, “More” puts it into a playlist.
        </EmptyState>
      )}
      <ol className="flex max-w-4xl flex-col gap-2.5" data-testid="playlist">
        {items?.map((item, at) => (
          <Entry
            key={item.id}
            item={item}
            listId={playlistId}
            onUp={at > 0 ? () => mutate({ items: moved(items, at, at - 1) }) : null}
            onDown={at < items.length - 1 ? () => mutate({ items: moved(items, at, at + 1) }) : null}
            onRemove={() => mutate({ items: items.filter((other) => other.id !== item.id) })}
          />
        ))}
      </ol>
      {editing && name !== undefined && (
        <EditPlaylist
          id={playlistId}
          name={name}
          onClose={() => setEditing(false)}
          onRename={(to) => mutate({ name: to })}
        />
      )}
    </div>
  );
}

interface EntryProps {
  item: ItemCard;
  listId: string;
  onUp: (() => void) | null;
  onDown: (() => void) | null;
  onRemove(): void;
}

function Entry({ item, listId, onUp, onDown, onRemove }: EntryProps) {
  const { title, line } = cardLines(item);
  const still = <Still item={item} sizes="9rem" />;
  return (
    <li className="panel flex items-center gap-2.5 p-2.5 sm:gap-4 sm:p-3" data-title={item.title}>
      <div className="w-20 shrink-0 sm:w-36">
        {playable(item) ? (
          <Link
            to="/play/$itemId"
            params={{ itemId: item.id }}
            search={{ list: listId }}
            preload={false}
            aria-label={`Play ${title}, and what comes after it`}
            className="group relative block rounded-xl"
          >
            {still}
            <span className="absolute inset-0 grid place-items-center rounded-xl bg-coal/25 transition group-hover:opacity-100 group-focus-visible:opacity-100 md:opacity-0">
              <Icon name="play" className="size-6" />
            </span>
          </Link>
        ) : (
          still
        )}
      </div>
      <Link to="/item/$itemId" params={{ itemId: item.id }} className="min-w-0 flex-1 rounded-lg">
        <span className="line-clamp-2 leading-snug font-semibold">{title}</span>
        <span className="block truncate text-sm text-smoke">{line}</span>
      </Link>
      <div className="flex shrink-0 max-sm:-mr-1 max-sm:flex-col">
        <IconButton icon="up" label={`Move ${title} up`} disabled={!onUp} className="size-9" onClick={() => onUp?.()} />
        <IconButton
          icon="down"
          label={`Move ${title} down`}
          disabled={!onDown}
          className="size-9"
          onClick={() => onDown?.()}
        />
      </div>
      <IconButton
        icon="trash"
        label={`Take ${title} out`}
        className="size-9 shrink-0 max-sm:-ml-2.5"
        onClick={onRemove}
      />
    </li>
  );
}

function EditPlaylist(props: { id: string; name: string; onClose(): void; onRename(name: string): void }) {
  const { id, onClose, onRename } = props;
  const [name, setName] = useState(props.name);
  const queries = useQueryClient();
  const navigate = useNavigate();
  const remove = useMutation({
    mutationFn: () => api.command(`/playlists/${id}`, { method: 'DELETE' }),
    onSuccess: async () => {
      await navigate({ to: '/playlists', replace: true });
      queries.invalidateQueries({ queryKey: playlistsQuery.queryKey });
    },
    onError: (error) => toast(messageOf(error), 'error'),
  });
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (name.trim() === '') return;
    onRename(name.trim());
    onClose();
  };
  return (
    <Dialog title="Edit playlist" onClose={onClose}>
      <form onSubmit={onSubmit} className="flex flex-col gap-5">
        <Field label="Name" value={name} onChange={(event) => setName(event.target.value)} maxLength={100} />
        <div className="flex flex-wrap justify-between gap-3">
          <Button variant="danger" icon="trash" busy={remove.isPending} onClick={() => remove.mutate()}>
            Delete it
          </Button>
          <Button variant="primary" type="submit" disabled={name.trim() === ''}>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
