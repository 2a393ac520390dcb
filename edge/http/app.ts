import { Hono } from 'hono';
import { HearthcastError } from '../../shared/errors.ts';
import { Revocations } from '../identity/revocation.ts';
import type { AppEnv } from './context.ts';
import { authenticate } from './middleware/authenticate.ts';
import { bodyLimit } from './middleware/body-limit.ts';
import { requestId } from './middleware/request-id.ts';
import { securityHeaders } from './middleware/security-headers.ts';
import { isServerPath } from './policy.ts';
import { answerProblem } from './problems.ts';
import { agentRoutes } from './routes/agent.ts';
import { authRoutes } from './routes/auth.ts';
import { eventRoutes } from './routes/events.ts';
import { fleetRoutes } from './routes/fleet.ts';
import { healthRoutes } from './routes/health.ts';
import { homeRoutes } from './routes/home.ts';
import { imageRoutes } from './routes/images.ts';
import { itemRoutes } from './routes/items.ts';
import { libraryRoutes } from './routes/libraries.ts';
import { playbackRoutes } from './routes/playback.ts';
import { searchRoutes } from './routes/search.ts';
import { serverRoutes, wellKnownRoutes } from './routes/server.ts';
import { streamRoutes } from './routes/stream.ts';
import { userRoutes } from './routes/users.ts';

/** The HTTP surface of the edge. One app an isolate: it holds the isolate's list of ended sign-ins. */
export function createApp(now: () => number = Date.now): Hono<AppEnv> {
  const revocations = new Revocations(now);
  const app = new Hono<AppEnv>();
  app.onError((error, c) => answerProblem(error, c));
  app.notFound((c) => answerProblem(new HearthcastError('not-found'), c));

  app.use(requestId(), securityHeaders(), bodyLimit(), authenticate({ revocations, now }));

  const api = new Hono<AppEnv>();
  const areas = [
    serverRoutes(),
    authRoutes({ revocations, now }),
    userRoutes(),
    libraryRoutes(),
    itemRoutes(),
    homeRoutes(),
    searchRoutes(),
    imageRoutes(),
    fleetRoutes(),
    eventRoutes(),
    playbackRoutes(now),
  ];
  for (const area of areas) api.route('/', area);
  app.route('/api/v1', api);
  for (const area of [healthRoutes(), wellKnownRoutes(), streamRoutes(now), agentRoutes()]) app.route('/', area);

  app.get('/*', (c) => {
    if (isServerPath(c.req.path)) throw new HearthcastError('not-found');
    return c.env.ASSETS.fetch(c.req.raw);
  });
  return app;
}
