import { type Context, Hono } from 'hono';
import { HearthcastError } from '../../../shared/errors.ts';
import { RELEASE_FILES } from '../../../shared/protocol/release.ts';
import type { AppEnv } from '../context.ts';

const TYPES: Readonly<Record<string, string>> = {
  'install.sh': 'text/x-shellscript; charset=utf-8',
  'install.ps1': 'text/plain; charset=utf-8',
  'manifest.json': 'application/json',
};

/** A host as it may stand in a script: host names allow quotes and dollars, which a shell would read. */
const ORIGIN = /^https?:\/\/[A-Za-z0-9.:[\]-]+$/;

/**
 * What a machine is made an agent with: `GET /install.sh` and `/install.ps1`, with this deployment's address and the
 * release key to pin in them, and below `/install/` the agent, its manifest and the manifest's signature. Public, as
 * there is no secret in them; a code is needed to enrol. `not-found` where the deployment was built without an agent.
 */
export function installRoutes(): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();

  for (const name of ['install.sh', 'install.ps1'] as const) {
    routes.get(`/${name}`, async (c) => {
      const script = await (await built(c, name)).text();
      const text = script.replaceAll('@EDGE@', originOf(c)).replaceAll('@RELEASE_KEY@', release(c).key);
      return c.body(text, 200, { 'content-type': TYPES[name] ?? '', 'cache-control': 'no-cache' });
    });
  }

  routes.get('/install/manifest.sig', (c) =>
    c.body(`${release(c).signature}\n`, 200, { 'content-type': 'text/plain', 'cache-control': 'no-cache' }),
  );

  routes.get('/install/:file', async (c) => {
    const file = c.req.param('file');
    if (file !== 'manifest.json' && !RELEASE_FILES.some((name) => name === file))
      throw new HearthcastError('not-found');
    const { body } = await built(c, file);
    return new Response(body, {
      headers: { 'content-type': TYPES[file] ?? 'text/javascript', 'cache-control': 'no-cache' },
    });
  });

  return routes;
}

/** A file of the build. What is not there is answered with the web app's page, which is no agent. */
async function built(c: Context<AppEnv>, name: string): Promise<Response> {
  release(c);
  const answer = await c.env.ASSETS.fetch(new Request(new URL(`/install/${name}`, c.req.url)));
  if (!answer.ok || answer.headers.get('content-type')?.startsWith('text/html')) throw noAgent();
  return answer;
}

function release(c: Context<AppEnv>): { key: string; signature: string } {
  const { RELEASE_KEY: key, RELEASE_SIGNATURE: signature } = c.env;
  if (!key || !signature) throw noAgent();
  return { key, signature };
}

const noAgent = () => new HearthcastError('not-found', 'This server was built without a signed agent.');

/** This deployment's own address as the asker sees it; a proxy in front says when it speaks TLS. */
function originOf(c: Context<AppEnv>): string {
  const url = new URL(c.req.url);
  const secure = url.protocol === 'https:' || c.req.header('x-forwarded-proto') === 'https';
  const origin = `${secure ? 'https' : 'http'}://${url.host}`;
  if (!ORIGIN.test(origin)) throw new HearthcastError('bad-request', 'This is no address for a script.');
  return origin;
}
