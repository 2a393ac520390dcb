import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { z } from 'zod';
import { OwnPath, rootRoute } from './root-route.ts';

/** The pages of who is not signed in. */
export const DOORS: ReadonlySet<string> = new Set(['/sign-in', '/setup', '/join', '/reset', '/restore']);

const setupRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/setup',
  component: lazyRouteComponent(() => import('../features/auth/setup-page.tsx'), 'SetupPage'),
});

const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-in',
  validateSearch: z.object({
    next: OwnPath,
  }),
  component: lazyRouteComponent(() => import('../features/auth/sign-in-page.tsx'), 'SignInPage'),
});

const joinRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/join',
  component: lazyRouteComponent(() => import('../features/auth/join-page.tsx'), 'JoinPage'),
});

const resetRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/reset',
  component: lazyRouteComponent(() => import('../features/auth/reset-page.tsx'), 'ResetPage'),
});

const restoreRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/restore',
  component: lazyRouteComponent(() => import('../features/auth/restore-page.tsx'), 'RestorePage'),
});

export const doorRoutes = [setupRoute, signInRoute, joinRoute, resetRoute, restoreRoute] as const;
