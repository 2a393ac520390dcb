import { createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { z } from 'zod';
import { HearthcastError } from '../../shared/errors.ts';
import { SessionId } from '../../shared/protocol/names.ts';
import { LiveConnection } from '../features/events/live-connection.tsx';
import { HomePage } from '../features/home/home-page.tsx';
import { Shell } from '../features/shell/shell.tsx';
import { NotFound, RouteFailure } from '../ui/route-states.tsx';
import { onSignedOut } from './api.ts';
import { DOORS, doorRoutes } from './door-routes.tsx';
import { gridSearch } from './grid-search.ts';
import { meQuery, serverQuery } from './queries.ts';
import { queryClient } from './query-client.ts';
import { OwnPath, rootRoute } from './root-route.ts';

/** Asks who is there; sends strangers to the page that lets them in. */
async function requireUser(href: string): Promise<void> {
  try {
    await queryClient.ensureQueryData(meQuery);
  } catch (error) {
    if (!(error instanceof HearthcastError) || error.status !== 401) throw error;
    const server = await queryClient.fetchQuery(serverQuery);
    if (server.setupRequired) throw redirect({ to: '/setup', hash: location.hash.slice(1), replace: true });
    throw redirect({ to: '/sign-in', search: href === '/' ? {} : { next: href }, replace: true });
  }
}

const memberRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'member',
  beforeLoad: ({ location }) => requireUser(location.href),
  component: LiveConnection,
  errorComponent: RouteFailure,
});

const shellRoute = createRoute({
  getParentRoute: () => memberRoute,
  id: 'shell',
  component: Shell,
  notFoundComponent: NotFound,
});

const homeRoute = createRoute({ getParentRoute: () => shellRoute, path: '/', component: HomePage });

const librariesRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/libraries',
  component: lazyRouteComponent(() => import('../features/library/libraries-page.tsx'), 'LibrariesPage'),
});

const libraryRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/library/$libraryId',
  validateSearch: gridSearch,
  component: lazyRouteComponent(() => import('../features/library/library-page.tsx'), 'LibraryPage'),
});

const problemsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/library/$libraryId/problems',
  component: lazyRouteComponent(() => import('../features/library/problems-page.tsx'), 'ProblemsPage'),
});

const facetRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/of/$facetId',
  component: lazyRouteComponent(() => import('../features/facets/facet-page.tsx'), 'FacetPage'),
});

const facetListRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/by/$kind',
  component: lazyRouteComponent(() => import('../features/facets/facet-list-page.tsx'), 'FacetListPage'),
});

const favoritesRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/favorites',
  component: lazyRouteComponent(() => import('../features/own/favorites-page.tsx'), 'FavoritesPage'),
});

const historyRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/history',
  component: lazyRouteComponent(() => import('../features/own/history-page.tsx'), 'HistoryPage'),
});

const playlistsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/playlists',
  component: lazyRouteComponent(() => import('../features/own/playlists-page.tsx'), 'PlaylistsPage'),
});

const playlistRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/playlist/$playlistId',
  component: lazyRouteComponent(() => import('../features/own/playlist-page.tsx'), 'PlaylistPage'),
});

const statsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/stats',
  component: lazyRouteComponent(() => import('../features/stats/stats-page.tsx'), 'StatsPage'),
});

const itemRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/item/$itemId',
  validateSearch: z.object({ season: z.string().optional().catch(undefined) }),
  component: lazyRouteComponent(() => import('../features/item/item-page.tsx'), 'ItemPage'),
});

const searchRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/search',
  validateSearch: z.object({ q: z.coerce.string().optional().catch(undefined) }),
  component: lazyRouteComponent(() => import('../features/search/search-page.tsx'), 'SearchPage'),
});

const machinesRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/admin/machines',
  validateSearch: z.object({ add: z.stringbool().or(z.boolean()).optional().catch(undefined) }),
  component: lazyRouteComponent(() => import('../features/admin/machines-page.tsx'), 'MachinesPage'),
});

const machineRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/admin/machines/$agentId',
  component: lazyRouteComponent(() => import('../features/admin/folders-page.tsx'), 'FoldersPage'),
});

const activityRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/admin/activity',
  component: lazyRouteComponent(() => import('../features/admin/activity-page.tsx'), 'ActivityPage'),
});

const scansRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/admin/scans',
  component: lazyRouteComponent(() => import('../features/admin/scans-page.tsx'), 'ScansPage'),
});

const peopleRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/admin/people',
  component: lazyRouteComponent(() => import('../features/people/people-page.tsx'), 'PeoplePage'),
});

const auditRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/admin/log',
  component: lazyRouteComponent(() => import('../features/people/audit-page.tsx'), 'AuditPage'),
});

const settingsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/admin/settings',
  component: lazyRouteComponent(() => import('../features/settings/settings-page.tsx'), 'SettingsPage'),
});

const accountRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/account',
  component: lazyRouteComponent(() => import('../features/account/account-page.tsx'), 'AccountPage'),
});

const pairRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/pair',
  component: lazyRouteComponent(() => import('../features/account/pair-page.tsx'), 'PairPage'),
});

const profilesRoute = createRoute({
  getParentRoute: () => memberRoute,
  path: '/profiles',
  validateSearch: z.object({
    next: OwnPath,
  }),
  component: lazyRouteComponent(() => import('../features/profiles/picker-page.tsx'), 'PickerPage'),
});

const playRoute = createRoute({
  getParentRoute: () => memberRoute,
  path: '/play/$itemId',
  validateSearch: z.object({
    copy: z.coerce.string().optional().catch(undefined),
    /** Where to begin in ms; absent is where the viewer stopped. */
    at: z.coerce.number().int().nonnegative().optional().catch(undefined),
    /** The playlist that goes on after it. */
    list: z.coerce.string().optional().catch(undefined),
    /** A session on another device that goes on here. */
    from: SessionId.optional().catch(undefined),
  }),
  component: lazyRouteComponent(() => import('../features/player/player-page.tsx'), 'PlayerPage'),
});

export const router = createRouter({
  routeTree: rootRoute.addChildren([
    ...doorRoutes,
    memberRoute.addChildren([
      shellRoute.addChildren([
        homeRoute,
        librariesRoute,
        libraryRoute,
        problemsRoute,
        facetRoute,
        facetListRoute,
        favoritesRoute,
        historyRoute,
        playlistsRoute,
        playlistRoute,
        statsRoute,
        itemRoute,
        searchRoute,
        machinesRoute,
        machineRoute,
        activityRoute,
        scansRoute,
        peopleRoute,
        auditRoute,
        settingsRoute,
        accountRoute,
        pairRoute,
      ]),
      profilesRoute,
      playRoute,
    ]),
  ]),
  context: {},
  // Plain query strings: ids are decimal strings, which the router would otherwise put between quotes.
  parseSearch: (search) => Object.fromEntries(new URLSearchParams(search)),
  stringifySearch: (search) => {
    const params = new URLSearchParams();
    for (const [name, value] of Object.entries(search)) if (value != null) params.set(name, String(value));
    return params.size > 0 ? `?${params}` : '';
  },
  scrollRestoration: true,
  defaultPreload: 'intent',
  defaultNotFoundComponent: NotFound,
  defaultErrorComponent: RouteFailure,
});

onSignedOut(() => {
  const { pathname, href } = router.state.location;
  if (DOORS.has(pathname) || queryClient.getQueryData(meQuery.queryKey) === undefined) return;
  queryClient.clear();
  router.navigate({ to: '/sign-in', search: href === '/' ? {} : { next: href }, replace: true });
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
