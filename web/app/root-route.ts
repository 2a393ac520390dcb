import { createRootRouteWithContext, Outlet } from '@tanstack/react-router';
import { z } from 'zod';
import { NotFound } from '../ui/route-states.tsx';

export const rootRoute = createRootRouteWithContext<object>()({ component: Outlet, notFoundComponent: NotFound });

/** Where to go afterwards: a path of this app's, never another site. */
export const OwnPath = z
  .string()
  .regex(/^\/(?![/\\])/)
  .optional()
  .catch(undefined);
