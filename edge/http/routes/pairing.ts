import { type Context, Hono } from 'hono';
import { PairingCode, PollPairing, StartPairing } from '../../../shared/api/pairing.ts';
import { HearthcastError } from '../../../shared/errors.ts';
import { admitDevice, pollPairing, showPairing, startPairing } from '../../identity/pairing.ts';
import { addressOf } from '../address.ts';
import type { AppEnv } from '../context.ts';
import { answerSignedIn, beginSession, type IdentityOptions, record } from '../identity-surroundings.ts';
import { parseJson } from '../parse.ts';
import { limitAttempts } from '../rate-limit.ts';

/** Televisions: they show a code, somebody who is signed in types it, and they are in (after RFC 8628). */
export function pairingRoutes(options: IdentityOptions): Hono<AppEnv> {
  const { now } = options;
  const routes = new Hono<AppEnv>();

  const refuseWhereOff = async (c: Context<AppEnv>) => {
    if ((await options.settings.read(c.env)).devicePairing) return;
    throw new HearthcastError(
      'forbidden',
      'This server lets no television in by a code. Sign in with a name and a password.',
    );
  };

  routes.post('/auth/device', async (c) => {
    const { device } = await parseJson(c, StartPairing);
    await refuseWhereOff(c);
    await limitAttempts(c, 'pairing', '');
    return c.json(await startPairing(c.env, device, addressOf(c), now()), 201);
  });

  routes.post('/auth/device/token', async (c) => {
    const { deviceCode } = await parseJson(c, PollPairing);
    const outcome = await pollPairing(c.env, deviceCode, now());
    if ('status' in outcome) return c.json(outcome, 202);
    const tokens = await beginSession(c, options, outcome.user, outcome.device);
    await record(c, options, 'sign-in', `${outcome.device}, paired`, tokens.signIn);
    return answerSignedIn(c, options, tokens, 'body', 200);
  });

  routes.post('/auth/device/show', async (c) => {
    const { userCode } = await parseJson(c, PairingCode);
    await limitAttempts(c, 'pairing', '');
    return c.json(await showPairing(c.env, userCode, now()));
  });

  routes.post('/auth/device/approve', async (c) => {
    const { userCode } = await parseJson(c, PairingCode);
    await refuseWhereOff(c);
    await limitAttempts(c, 'pairing', '');
    const device = await admitDevice(c.env, userCode, c.var.principal.userId, now());
    await record(c, options, 'device.paired', device);
    return c.body(null, 204);
  });

  return routes;
}
