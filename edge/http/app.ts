import { Hono } from 'hono';
import { HearthcastError } from '../../shared/errors.ts';
import { Standing } from '../identity/standing.ts';
import type { AppEnv } from './context.ts';
import { KeptSettings } from './kept-settings.ts';
import { authenticate } from './middleware/authenticate.ts';
import { bodyLimit } from './middleware/body-limit.ts';
import { readYourWrites } from './middleware/read-your-writes.ts';
import { requestId } from './middleware/request-id.ts';
import { securityHeaders } from './middleware/security-headers.ts';
import { isServerPath } from './policy.ts';
import { answerProblem } from './problems.ts';
import { accountRoutes } from './routes/account.ts';
import { agentRoutes } from './routes/agent.ts';
import { agentFolderRoutes } from './routes/agent-folders.ts';
import { auditRoutes } from './routes/audit.ts';
import { authRoutes } from './routes/auth.ts';
import { backupRoutes } from './routes/backups.ts';
import { curationRoutes } from './routes/curation.ts';
import { eventRoutes } from './routes/events.ts';
import { facetRoutes } from './routes/facets.ts';
import { fleetRoutes } from './routes/fleet.ts';
import { healthRoutes } from './routes/health.ts';
import { homeRoutes } from './routes/home.ts';
import { imageRoutes } from './routes/images.ts';
import { installRoutes } from './routes/install.ts';
import { invitationRoutes } from './routes/invitations.ts';
import { itemRoutes } from './routes/items.ts';
import { joiningRoutes } from './routes/joining.ts';
import { libraryRoutes } from './routes/libraries.ts';
import { limitRoutes } from './routes/limits.ts';
import { metricsRoutes } from './routes/metrics.ts';
import { ownListRoutes } from './routes/own-lists.ts';
import { pairingRoutes } from './routes/pairing.ts';
import { playbackRoutes } from './routes/playback.ts';
import { profileRoutes } from './routes/profiles.ts';
import { scanRoutes } from './routes/scans.ts';
import { searchRoutes } from './routes/search.ts';
import { serverRoutes, wellKnownRoutes } from './routes/server.ts';
import { settingsRoutes } from './routes/settings.ts';
import { signingKeyRoutes } from './routes/signing-keys.ts';
import { statisticsRoutes } from './routes/statistics.ts';
import { streamRoutes } from './routes/stream.ts';
import { userRoutes } from './routes/users.ts';

/** The HTTP surface of the edge. One app an isolate: it holds the isolate's list of who may come in. */
export function createApp(now: () => number = Date.now): Hono<AppEnv> {
  const standing = new Standing(now);
  const identity = { standing, settings: new KeptSettings(now), now };
  const app = new Hono<AppEnv>();
  app.onError((error, c) => answerProblem(error, c));
  app.notFound((c) => answerProblem(new HearthcastError('not-found'), c));

  app.use(requestId(), securityHeaders(), bodyLimit(), authenticate(identity), readYourWrites());

  const api = new Hono<AppEnv>();
  const areas = [
    serverRoutes(identity),
    authRoutes(identity),
    joiningRoutes(identity),
    pairingRoutes(identity),
    accountRoutes(identity),
    profileRoutes(identity),
    userRoutes(identity),
    invitationRoutes(identity),
    auditRoutes(),
    settingsRoutes(identity),
    backupRoutes(identity),
    signingKeyRoutes(identity),
    libraryRoutes(identity),
    scanRoutes(now),
    itemRoutes(),
    facetRoutes(),
    ownListRoutes(),
    statisticsRoutes(),
    curationRoutes(),
    homeRoutes(),
    searchRoutes(),
    imageRoutes(),
    fleetRoutes(),
    agentFolderRoutes(),
    limitRoutes(identity),
    eventRoutes(),
    playbackRoutes(now),
  ];
  for (const area of areas) api.route('/', area);
  app.route('/api/v1', api);
  const outside = [healthRoutes(now), metricsRoutes(), wellKnownRoutes(identity), streamRoutes(now), agentRoutes()];
  for (const area of [...outside, installRoutes()]) app.route('/', area);

  app.get('/*', (c) => {
    if (isServerPath(c.req.path)) throw new HearthcastError('not-found');
    return c.env.ASSETS.fetch(c.req.raw);
  });
  return app;
}
