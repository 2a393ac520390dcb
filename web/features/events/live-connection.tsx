import { type QueryClient, type QueryKey, useQueryClient } from '@tanstack/react-query';
import { Outlet } from '@tanstack/react-router';
import { useEffect } from 'react';
import type { ServerEvent } from '../../../shared/api/events.ts';
import { keepSessionFresh } from '../../app/api.ts';
import { Toasts, toast } from '../../ui/toasts.tsx';
import { notePlaybackEvent } from '../player/playback-events.ts';
import { followEvents } from './event-socket.ts';
import { noteScan } from './scans.ts';

/** A scan changes the catalog all the time; what is shown is read again at most this often. */
const CATALOG_EVERY_MS = 2500;

const CATALOG: readonly QueryKey[] = [
  ['home'],
  ['libraries'],
  ['items'],
  ['item'],
  ['children'],
  ['problems'],
  ['search'],
];

/** Reads again what is stale, at most once per `CATALOG_EVERY_MS`, and once more at the end. */
function catalogRefresher(queries: QueryClient, signal: AbortSignal): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last = 0;
  signal.addEventListener('abort', () => clearTimeout(timer));
  return () => {
    if (timer !== undefined) return;
    timer = setTimeout(
      () => {
        timer = undefined;
        last = Date.now();
        for (const queryKey of CATALOG) queries.invalidateQueries({ queryKey });
      },
      Math.max(0, last + CATALOG_EVERY_MS - Date.now()),
    );
  };
}

function act(event: ServerEvent, queries: QueryClient, refreshCatalog: () => void): void {
  switch (event.topic) {
    case 'library.scan.progress':
      if (noteScan(event.agentId, event.root, event.scan)) queries.invalidateQueries({ queryKey: ['scan-runs'] });
      if (event.scan.phase === 'done' || event.scan.phase === 'failed') refreshCatalog();
      return;
    case 'metadata.updated':
      refreshCatalog();
      return;
    case 'agent.presence':
      for (const queryKey of [['agents'], ['libraries'], ['item']]) queries.invalidateQueries({ queryKey });
      return;
    case 'playback.queue.moved':
      notePlaybackEvent(event);
      return;
    case 'playback.state.changed':
      notePlaybackEvent(event);
      for (const queryKey of [['sessions'], ['playing']]) queries.invalidateQueries({ queryKey });
      if (event.state === 'ended') queries.invalidateQueries({ queryKey: ['home'] });
      return;
    case 'system.notification':
      toast(event.text, event.level);
      return;
    default:
      event satisfies never;
  }
}

/** Around everything that needs a user: the session stays fresh and the page alive. */
export function LiveConnection() {
  const queries = useQueryClient();
  useEffect(() => {
    const stop = new AbortController();
    const refreshCatalog = catalogRefresher(queries, stop.signal);
    keepSessionFresh(stop.signal);
    followEvents({
      signal: stop.signal,
      onEvent: (event) => act(event, queries, refreshCatalog),
      onReconnected: () => queries.invalidateQueries(),
    });
    return () => stop.abort();
  }, [queries]);
  return (
    <>
      <Outlet />
      <Toasts />
    </>
  );
}
