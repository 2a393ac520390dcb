import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { Me, ServerInfo } from '../../shared/api/auth.ts';
import { ItemMetadata } from '../../shared/api/curation.ts';
import {
  Activity,
  FacetEntry,
  FacetPage,
  HistoryPage,
  Person,
  Playlists,
  StatsSummary,
  TopFacets,
  TopItems,
  Traits,
} from '../../shared/api/facets.ts';
import { Agents, Folders, Sites } from '../../shared/api/fleet.ts';
import {
  Home,
  type ItemCard,
  ItemDetail,
  type ItemFilters,
  ItemPage,
  SearchAnswer,
  type SORTS,
} from '../../shared/api/items.ts';
import { Libraries, LibraryProblems } from '../../shared/api/libraries.ts';
import { ActiveSessions, OwnSessions } from '../../shared/api/playback.ts';
import { ScanHooks, ScanRuns } from '../../shared/api/scans.ts';
import type { FolderPlace } from '../../shared/protocol/folders.ts';
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
  queryFn: ({ signal }) => api.request(Me, '/users/me', { signal }),
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

/** What a grid is asked for: its order and what narrows it down. */
export type GridQuery = ItemFilters & { sort: Sort; dir?: 'asc' | 'desc' | undefined; seed?: number | undefined };

/** A library's grid; null is what its filters hold together in all libraries. */
export const gridQuery = (libraryId: string | null, of: GridQuery) =>
  infiniteQueryOptions({
    queryKey: ['items', libraryId, of],
    queryFn: ({ pageParam, signal }) => {
      const path = libraryId === null ? '/items' : `/libraries/${libraryId}/items`;
      return api.request(ItemPage, path + query({ ...of, cursor: pageParam }), { signal });
    },
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

export const similarQuery = (id: string) =>
  queryOptions({
    queryKey: ['similar', id],
    queryFn: ({ signal }) => api.request(ItemPage, `/items/${id}/similar`, { signal }),
  });

const MAX_GENRES = 200;

export const genresQuery = queryOptions({
  queryKey: ['genres'],
  queryFn: ({ signal }) => api.request(FacetPage, `/genres${query({ limit: MAX_GENRES })}`, { signal }),
});

/** All genres, people and so on by name, a page at a time. */
export const facetListQuery = (kind: 'genres' | 'people' | 'collections' | 'studios' | 'tags') =>
  infiniteQueryOptions({
    queryKey: ['facets', kind],
    queryFn: ({ pageParam, signal }) =>
      api.request(FacetPage, `/${kind}${query({ cursor: pageParam, limit: 120 })}`, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
  });

/** What files give titles: codecs, languages, sites. */
export const traitsQuery = queryOptions({
  queryKey: ['traits'],
  queryFn: ({ signal }) => api.request(Traits, '/traits', { signal }),
  staleTime: 5 * 60_000,
});

/** What an admin sees and sets of a title. */
export const metadataQuery = (id: string) =>
  queryOptions({
    queryKey: ['item', id, 'metadata'],
    queryFn: ({ signal }) => api.request(ItemMetadata, `/items/${id}/metadata`, { signal }),
  });

export const playlistsQuery = queryOptions({
  queryKey: ['playlists'],
  queryFn: ({ signal }) => api.request(Playlists, '/playlists', { signal }),
});

export const playlistItemsQuery = (id: string) =>
  queryOptions({
    queryKey: ['playlist', id],
    queryFn: ({ signal }) => api.request(ItemPage, `/playlists/${id}/items`, { signal }),
  });

export const facetQuery = (id: string) =>
  queryOptions({
    queryKey: ['facet', id],
    queryFn: ({ signal }) => api.request(FacetEntry, `/facets/${id}`, { signal }),
  });

export const personQuery = (id: string) =>
  queryOptions({
    queryKey: ['person', id],
    queryFn: ({ signal }) => api.request(Person, `/people/${id}`, { signal }),
  });

export const favoritesQuery = infiniteQueryOptions({
  queryKey: ['items', 'favorites'],
  queryFn: ({ pageParam, signal }) =>
    api.request(ItemPage, `/users/me/favorites${query({ cursor: pageParam })}`, { signal }),
  initialPageParam: null as string | null,
  getNextPageParam: (last) => last.next,
});

export const historyQuery = infiniteQueryOptions({
  queryKey: ['history'],
  queryFn: ({ pageParam, signal }) =>
    api.request(HistoryPage, `/users/me/history${query({ cursor: pageParam })}`, { signal }),
  initialPageParam: null as string | null,
  getNextPageParam: (last) => last.next,
});

export type StatsOf = 'me' | 'everyone';

export const statsSummaryQuery = (of: StatsOf) =>
  queryOptions({
    queryKey: ['stats', 'summary', of],
    queryFn: ({ signal }) => api.request(StatsSummary, `/stats/summary${query({ of })}`, { signal }),
  });

export const topItemsQuery = (of: StatsOf) =>
  queryOptions({
    queryKey: ['stats', 'items', of],
    queryFn: ({ signal }) => api.request(TopItems, `/stats/top-items${query({ of, limit: 12 })}`, { signal }),
  });

export const topFacetsQuery = (kind: 'genres' | 'people' | 'tags', of: StatsOf) =>
  queryOptions({
    queryKey: ['stats', kind, of],
    queryFn: ({ signal }) => api.request(TopFacets, `/stats/top-${kind}${query({ of, limit: 8 })}`, { signal }),
  });

export const watchDaysQuery = (of: StatsOf, days: number) =>
  queryOptions({
    queryKey: ['stats', 'activity', of, days],
    queryFn: ({ signal }) => api.request(Activity, `/stats/activity${query({ of, days })}`, { signal }),
  });

export const searchQuery = (q: string) =>
  queryOptions({
    queryKey: ['search', q],
    queryFn: ({ signal }) => api.request(SearchAnswer, `/search${query({ q })}`, { signal }),
    enabled: q.length > 0,
  });

/** While a machine is being emptied one wants to see it happen. */
const DRAIN_LOOK_MS = 3_000;

export const agentsQuery = queryOptions({
  queryKey: ['agents'],
  queryFn: ({ signal }) => api.request(Agents, '/agents', { signal }),
  refetchInterval: ({ state }) => (state.data?.items.some((agent) => agent.draining) ? DRAIN_LOOK_MS : 30_000),
});

export const scanRunsQuery = infiniteQueryOptions({
  queryKey: ['scan-runs'],
  queryFn: ({ pageParam, signal }) =>
    api.request(ScanRuns, `/scan-runs${query({ cursor: pageParam, limit: 30 })}`, { signal }),
  initialPageParam: null as string | null,
  getNextPageParam: (last) => last.next,
});

export const scanHooksQuery = queryOptions({
  queryKey: ['scan-hooks'],
  queryFn: ({ signal }) => api.request(ScanHooks, '/scan-hooks', { signal }),
});

/** What is in a folder of a machine; null is the list of what its owner allowed there. */
export const foldersQuery = (agentId: string, place: FolderPlace | null) =>
  queryOptions({
    queryKey: ['folders', agentId, place],
    queryFn: ({ signal }) =>
      api.request(Folders, `/agents/${agentId}/folders`, { method: 'POST', body: { place }, signal }),
    staleTime: 0,
  });

export const sitesQuery = queryOptions({
  queryKey: ['sites'],
  queryFn: ({ signal }) => api.request(Sites, '/sites', { signal }),
});

/** What one watches now on other devices; events say when it changes. */
export const playingQuery = queryOptions({
  queryKey: ['playing'],
  queryFn: ({ signal }) => api.request(OwnSessions, '/users/me/playing', { signal }),
  refetchInterval: 30_000,
  retry: false,
});

export const sessionsQuery = queryOptions({
  queryKey: ['sessions'],
  queryFn: ({ signal }) => api.request(ActiveSessions, '/sessions', { signal }),
  refetchInterval: 10_000,
});
