import { Hono } from 'hono';
import { PairingCode, PollPairing, StartPairing } from '../../../shared/api/pairing.ts';
import { startSession } from '../../identity/auth-sessions.ts';
import { admitDevice, pollPairing, showPairing, startPairing } from '../../identity/pairing.ts';
import { addressOf } from '../address.ts';
import type { AppEnv } from '../context.ts';
import { answerSignedIn, type IdentityOptions, record } from '../identity-surroundings.ts';
import { parseJson } from '../parse.ts';
import { limitAttempts } from '../rate-limit.ts';

/** Televisions: they show a code, somebody who is signed in types it, and they are in (after RFC 8628). */
export function pairingRoutes(options: IdentityOptions): Hono<AppEnv> {
  const { now } = options;
  const routes = new Hono<AppEnv>();

  routes.post('/auth/device', async (c) => {
    const { device } = await parseJson(c, StartPairing);
    await limitAttempts(c, 'pairing', '');
    return c.json(await startPairing(c.env, device, addressOf(c), now()), 201);
  });

  routes.post('/auth/device/token', async (c) => {
    const { deviceCode } = await parseJson(c, PollPairing);
    const outcome = await pollPairing(c.env, deviceCode, now());
    if ('status' in outcome) return c.json(outcome, 202);
    const tokens = await startSession(c.env, outcome.user, { name: outcome.device, address: addressOf(c) }, now());
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
    await limitAttempts(c, 'pairing', '');
    const device = await admitDevice(c.env, userCode, c.var.principal.userId, now());
    await record(c, options, 'device.paired', device);
    return c.body(null, 204);
  });

  return routes;
}
