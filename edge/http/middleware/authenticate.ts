import type { Context, MiddlewareHandler } from 'hono';
import type { Scope } from '../../../shared/api/api-keys.ts';
import { SEE_AS_HEADER } from '../../../shared/api/users.ts';
import { HearthcastError } from '../../../shared/errors.ts';
import { noteApiKeyUse } from '../../db/api-keys.ts';
import { isApiKey } from '../../identity/api-keys.ts';
import { identifyKey, identifyToken } from '../../identity/identify.ts';
import { viewAs } from '../../identity/see-as.ts';
import type { Standing } from '../../identity/standing.ts';
import { bearerToken, presentedAccessToken } from '../access-token.ts';
import type { AppEnv, Principal } from '../context.ts';
import { methodsOf, type Rule, ruleFor } from '../policy.ts';
import { limitChanges, limitMachines, limitReads } from '../rate-limit.ts';
import { readerOf } from '../standing-reader.ts';

/** How often the use of an API key is written down. */
const KEY_USE_EVERY_MS = 60_000;

interface Options {
  standing: Standing;
  now: () => number;
}

/**
 * Lets a request through to its route as the policy says, and refuses what the policy does not name.
 * Sets `principal` where the rule asks for a role.
 */
export function authenticate({ standing, now }: Options): MiddlewareHandler<AppEnv> {
  /** When this isolate last wrote down the use of a key. */
  const keyUses = new Map<string, number>();

  return async function authenticate(c, next) {
    const rule = ruleFor(c.req.method, c.req.path);
    if (!rule) throw unknownRoute(c);
    switch (rule.access) {
      case 'public':
        if (rule.method !== 'GET') await limitChanges(c, null);
        break;
      case 'ticket':
        break;
      case 'agent':
        if (!bearerToken(c)) throw new HearthcastError('unauthenticated', 'An agent must show its token here.');
        await limitMachines(c);
        break;
      default: {
        const asker = await identify(c);
        if (rule.method === 'GET') await limitReads(c, asker.accountId);
        else await limitChanges(c, asker.accountId);
        const principal = await seeing(c, asker, rule);
        permit(principal, rule.access);
        c.set('principal', principal);
      }
    }
    return next();
  };

  /** Whoever asks, or whom they see as: for reading what everybody reads, and for nothing else. */
  async function seeing(c: Context<AppEnv>, asker: Principal, rule: Rule): Promise<Principal> {
    const word = c.req.header(SEE_AS_HEADER);
    if (word === undefined) return asker;
    const readable = typeof rule.access === 'object' && rule.method === 'GET' && rule.access.scope === 'read';
    if (!readable)
      throw new HearthcastError('forbidden', 'You see as somebody else: nothing can be changed or played.');
    return viewAs(c.env, await standing.list(readerOf(c)), asker, word, now());
  }

  async function identify(c: Context<AppEnv>): Promise<Principal> {
    // A key comes in the header only: cookies are for tokens that live for minutes.
    const bearer = bearerToken(c);
    if (bearer === undefined || !isApiKey(bearer)) {
      const token = presentedAccessToken(c);
      if (!token) throw new HearthcastError('unauthenticated');
      return identifyToken(c.env, standing, readerOf(c), token, now());
    }
    const principal = await identifyKey(standing, readerOf(c), bearer, now());
    noteUse(c, principal.authSessionId);
    return principal;
  }

  function noteUse(c: Context<AppEnv>, keyId: string): void {
    const last = keyUses.get(keyId);
    if (last !== undefined && now() - last < KEY_USE_EVERY_MS) return;
    keyUses.set(keyId, now());
    // What it was used for must not fail because the time of it could not be written.
    c.executionCtx.waitUntil(noteApiKeyUse(c.env, keyId, now(), KEY_USE_EVERY_MS).catch(() => undefined));
  }
}

function permit({ role, scopes, userId, accountId }: Principal, access: Extract<Rule['access'], object>): void {
  if (!access.roles.includes(role)) throw new HearthcastError('forbidden');
  if (access.ownProfile && userId !== accountId) {
    throw new HearthcastError('forbidden', 'This is for the account’s own profile.');
  }
  if (scopes === null) return;
  if (access.scope === null) throw new HearthcastError('forbidden', 'This needs a person who is signed in.');
  if (!(scopes as readonly Scope[]).includes(access.scope)) {
    throw new HearthcastError('forbidden', `This API key has no scope "${access.scope}".`);
  }
}

function unknownRoute(c: Context<AppEnv>): HearthcastError {
  const methods = methodsOf(c.req.path);
  if (methods.length === 0) return new HearthcastError('not-found');
  return new HearthcastError('method-not-allowed', `Allowed here: ${methods.join(', ')}.`);
}
