import { Hono } from 'hono';
import { version } from '../../../package.json';
import type { ServerInfo } from '../../../shared/api/auth.ts';
import { hasUser } from '../../db/users.ts';
import { publicKeys } from '../../identity/access-tokens.ts';
import { acceptedGenerations } from '../../identity/signing-keys.ts';
import type { AppEnv } from '../context.ts';
import type { IdentityOptions } from '../identity-surroundings.ts';
import { openApiDocument } from '../openapi.ts';
import { readerOf } from '../standing-reader.ts';

/** Seconds that others may keep the public keys: well below the time for which an older key is accepted. */
const KEYS_MAX_AGE_S = 300;

/** Seconds that others may keep the document: it changes with the version only. */
const DOCUMENT_MAX_AGE_S = 300;

/** What a client must know before it can sign in: `GET /server`, and `GET /openapi.json` for its author. */
export function serverRoutes({ settings, now }: Pick<IdentityOptions, 'settings' | 'now'>): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();
  // There is never again no user, so this is asked until there is one, and then never more.
  let ownerExists = false;
  // Made when it is first asked for: an isolate that relays films has no use for it.
  let document: string | undefined;

  routes.get('/server', async (c) => {
    ownerExists ||= await hasUser(c.env);
    const { serverName: name, doorMessage, devicePairing } = await settings.read(c.env);
    const said = { name, version, now: now(), setupRequired: !ownerExists, doorMessage, devicePairing };
    return c.json(said satisfies ServerInfo);
  });

  routes.get('/openapi.json', (c) => {
    document ??= JSON.stringify(openApiDocument());
    c.header('cache-control', `public, max-age=${DOCUMENT_MAX_AGE_S}`);
    return c.body(document, 200, { 'content-type': 'application/json' });
  });

  return routes;
}

/** `GET /.well-known/jwks.json`: the keys by which others can verify access tokens. */
export function wellKnownRoutes({ standing, now }: IdentityOptions): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();

  routes.get('/.well-known/jwks.json', async (c) => {
    c.header('cache-control', `public, max-age=${KEYS_MAX_AGE_S}`);
    const { signing } = await standing.list(readerOf(c));
    return c.json(await publicKeys(c.env, acceptedGenerations(signing, now())));
  });

  return routes;
}
