import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { ServerInfo, User } from '../../shared/api/auth.ts';
import { Agents, Sites } from '../../shared/api/fleet.ts';
import { Home, type ItemCard, ItemDetail, ItemPage, type SORTS } from '../../shared/api/items.ts';
import { Libraries, LibraryProblems } from '../../shared/api/libraries.ts';
import { ActiveSessions } from '../../shared/api/playback.ts';
import { api } from './api.ts';

export type Sort = (typeof SORTS)[number];

/** A season of a daily show has a few hundred episodes; this many pages is beyond any. */
const MAX_CHILD_PAGES = 20;

const query = (values: Record<string, string | number | null | undefined>) => {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) if (value != null) params.set(name, String(value));
  return params.size > 0 ? `?${params}` : '';
};

export const serverQuery = queryOptions({
  queryKey: ['server'],
  queryFn: ({ signal }) => api.request(ServerInfo, '/server', { signal }),
});

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => api.request(User, '/users/me', { signal }),
  staleTime: 5 * 60_000,
  retry: false,
});

export const homeQuery = queryOptions({
  queryKey: ['home'],
  queryFn: ({ signal }) => api.request(Home, '/home', { signal }),
});

export const librariesQuery = queryOptions({
  queryKey: ['libraries'],
  queryFn: ({ signal }) => api.request(Libraries, '/libraries', { signal }),
});

export const libraryItemsQuery = (libraryId: string, sort: Sort, dir: 'asc' | 'desc' | undefined) =>
  infiniteQueryOptions({
    queryKey: ['items', libraryId, sort, dir],
    queryFn: ({ pageParam, signal }) =>
      api.request(ItemPage, `/libraries/${libraryId}/items${query({ sort, dir, cursor: pageParam })}`, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
  });

export const problemsQuery = (libraryId: string) =>
  infiniteQueryOptions({
    queryKey: ['problems', libraryId],
    queryFn: ({ pageParam, signal }) =>
      api.request(LibraryProblems, `/libraries/${libraryId}/problems${query({ cursor: pageParam })}`, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
  });

export const itemQuery = (id: string) =>
  queryOptions({
    queryKey: ['item', id],
    queryFn: ({ signal }) => api.request(ItemDetail, `/items/${id}`, { signal }),
  });

/** Seasons of a series or episodes of a season, all of them. */
export const childrenQuery = (id: string) =>
  queryOptions({
    queryKey: ['children', id],
    queryFn: async ({ signal }): Promise<ItemCard[]> => {
      const items: ItemCard[] = [];
      let cursor: string | null = null;
      for (let i = 0; i < MAX_CHILD_PAGES; i++) {
        const path: string = `/items/${id}/children${query({ limit: 200, cursor })}`;
        const answer: { items: ItemCard[]; next: string | null } = await api.request(ItemPage, path, { signal });
        items.push(...answer.items);
        cursor = answer.next;
        if (cursor === null) break;
      }
      return items;
    },
  });

export const searchQuery = (q: string) =>
  queryOptions({
    queryKey: ['search', q],
    queryFn: ({ signal }) => api.request(ItemPage, `/search${query({ q })}`, { signal }),
    enabled: q.length > 0,
  });

export const agentsQuery = queryOptions({
  queryKey: ['agents'],
  queryFn: ({ signal }) => api.request(Agents, '/agents', { signal }),
  refetchInterval: 30_000,
});

export const sitesQuery = queryOptions({
  queryKey: ['sites'],
  queryFn: ({ signal }) => api.request(Sites, '/sites', { signal }),
});

export const sessionsQuery = queryOptions({
  queryKey: ['sessions'],
  queryFn: ({ signal }) => api.request(ActiveSessions, '/sessions', { signal }),
  refetchInterval: 10_000,
});
