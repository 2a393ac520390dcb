import { useParams, useSearch } from '@tanstack/react-router';
import { useEffect } from 'react';
import { Player } from './player.tsx';

/** One film on the whole window. Every item has a player of its own. */
export function PlayerPage() {
  const { itemId } = useParams({ from: '/member/play/$itemId' });
  const { copy, at, from, list } = useSearch({ from: '/member/play/$itemId' });
  useEffect(
    () => () => {
      if (document.fullscreenElement !== null) document.exitFullscreen().catch(() => {});
    },
    [],
  );
  const about = { itemId, copyId: copy ?? null, startMs: at ?? null, replaces: from ?? null, listId: list ?? null };
  return <Player key={`${itemId}/${copy ?? ''}/${from ?? ''}`} {...about} />;
}
