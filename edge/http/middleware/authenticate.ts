import type { Context, MiddlewareHandler } from 'hono';
import { HearthcastError } from '../../../shared/errors.ts';
import { sessionsEndedSince } from '../../db/auth-sessions.ts';
import { verifyAccessToken } from '../../identity/access-tokens.ts';
import type { Revocations } from '../../identity/revocation.ts';
import { bearerToken, presentedAccessToken } from '../access-token.ts';
import type { AppEnv, Principal } from '../context.ts';
import { methodsOf, ruleFor } from '../policy.ts';

interface Options {
  revocations: Revocations;
  now: () => number;
}

/**
 * Lets a request through to its route as the policy says, and refuses what the policy does not name.
 * Sets `principal` where the rule asks for a role.
 */
export function authenticate({ revocations, now }: Options): MiddlewareHandler<AppEnv> {
  return async function authenticate(c, next) {
    const rule = ruleFor(c.req.method, c.req.path);
    if (!rule) throw unknownRoute(c);
    switch (rule.access) {
      case 'public':
      case 'ticket':
        break;
      case 'agent':
        if (!bearerToken(c)) throw new HearthcastError('unauthenticated', 'An agent must show its token here.');
        break;
      default: {
        const principal = await identify(c);
        if (!rule.access.roles.includes(principal.role)) throw new HearthcastError('forbidden');
        c.set('principal', principal);
      }
    }
    return next();
  };

  async function identify(c: Context<AppEnv>): Promise<Principal> {
    const token = presentedAccessToken(c);
    if (!token) throw new HearthcastError('unauthenticated');
    const { principal, issuedAt } = await verifyAccessToken(c.env, token, now());
    await revocations.admit(
      { authSessionId: principal.authSessionId, issuedAt },
      (since, limit) => sessionsEndedSince(c.env, since, limit),
      (reading) => c.executionCtx.waitUntil(reading),
    );
    return principal;
  }
}

function unknownRoute(c: Context<AppEnv>): HearthcastError {
  const methods = methodsOf(c.req.path);
  if (methods.length === 0) return new HearthcastError('not-found');
  return new HearthcastError('method-not-allowed', `Allowed here: ${methods.join(', ')}.`);
}
