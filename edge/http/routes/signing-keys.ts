import { Hono } from 'hono';
import type { RotatedKey } from '../../../shared/api/signing-keys.ts';
import { HearthcastError } from '../../../shared/errors.ts';
import { nextGeneration } from '../../db/signing-keys.ts';
import { MIN_ROTATION_MS } from '../../identity/signing-keys.ts';
import type { AppEnv } from '../context.ts';
import { type IdentityOptions, record } from '../identity-surroundings.ts';

/** The key that signs access tokens: `POST /signing-keys` begins the next one. The one before is accepted until its tokens have ended. */
export function signingKeyRoutes(options: IdentityOptions): Hono<AppEnv> {
  const { standing, now } = options;
  const routes = new Hono<AppEnv>();

  routes.post('/signing-keys', async (c) => {
    const generation = await nextGeneration(c.env, now(), now() - MIN_ROTATION_MS);
    if (generation === null) throw new HearthcastError('conflict', 'The key was rotated a moment ago.');
    standing.noteChange();
    await record(c, options, 'signing-key.rotated', `generation ${generation}`);
    const rotated: RotatedKey = { generation };
    return c.json(rotated, 201);
  });

  return routes;
}
