import { createExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it } from 'vitest';
import { createApp } from '../../edge/http/app.ts';
import { POLICY, type Rule, ruleFor } from '../../edge/http/policy.ts';
import { createApiKey } from '../../edge/identity/api-keys.ts';
import { SCOPES } from '../../shared/api/api-keys.ts';
import { ROLES } from '../../shared/api/auth.ts';
import { Problem } from '../../shared/errors.ts';
import { edgeClient } from './edge-client.ts';
import { inProfile, signedIn } from './signed-in.ts';

const UNLIMITED = { limit: async () => ({ success: true }) };

const app = createApp();

/** Middleware is registered for all methods on all paths. */
const routes = app.routes.filter((route) => !(route.method === 'ALL' && route.path === '/*'));

/** A path that a rule covers. */
const exampleOf = (rule: Rule) => rule.path.replaceAll(/:\w+/g, '9007199254740').replace('*', 'master.m3u8');
const named = (rules: readonly Rule[]) => rules.map((rule) => [`${rule.method} ${rule.path}`, rule] as const);

/** Each question is a cold isolate's: whom the test has just made is known to it. */
const ask = (rule: Rule, headers: Record<string, string> = {}) =>
  createApp().fetch(
    new Request(`http://edge${exampleOf(rule)}`, { method: rule.method, headers }),
    { ...env, LOGIN_LIMIT: UNLIMITED, GUESS_LIMIT: UNLIMITED, CHANGE_LIMIT: UNLIMITED, READ_LIMIT: UNLIMITED },
    createExecutionContext(),
  );

/** The rules that ask who it is. */
const guarded = POLICY.flatMap((rule) =>
  typeof rule.access === 'object' ? [[`${rule.method} ${rule.path}`, { rule, access: rule.access }] as const] : [],
);

// Each rule makes people of its own: all of them together are more than a deployment takes.
afterEach(async () => {
  await env.DB.prepare('DELETE FROM user').run();
});

describe('the policy', () => {
  it.each(routes.map((route) => [`${route.method} ${route.path}`, route] as const))('has a rule for %s', (_, route) => {
    expect(ruleFor(route.method, route.path)).not.toBeNull();
  });

  it.each(named(POLICY))('has a route for %s', (_, rule) => {
    const served = routes.some((route) => ruleFor(route.method, route.path) === rule);
    expect(served).toBe(true);
  });

  it('says each thing once', () => {
    const twice = POLICY.filter((rule) => ruleFor(rule.method, exampleOf(rule)) !== rule);
    expect(twice).toEqual([]);
  });

  it.each(named(POLICY.filter((rule) => rule.access !== 'public')))('refuses %s without a sign-in', async (_, rule) => {
    const response = await ask(rule);
    // What the URL itself authorises is refused by its route, as what it is: a word that was not made here.
    expect(rule.access === 'ticket' ? [401, 403] : [401]).toContain(response.status);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    Problem.parse(await response.json());
  });

  it.each(guarded)('lets into %s the roles that it names, and no other', async (_, { rule, access }) => {
    for (const role of ROLES) {
      const { status } = await ask(rule, (await signedIn(role)).headers);
      // Past the door a route may find nothing, or miss a body: it is the door that says 401 and 403.
      if (access.roles.includes(role)) expect([role, status]).not.toEqual([role, expect.toBeOneOf([401, 403])]);
      else expect([role, status]).toEqual([role, 403]);
    }
  });

  it.each(guarded)(
    'lets into %s the API keys of the scope that it names, and no other',
    async (_, { rule, access }) => {
      const { principal } = await signedIn(access.roles[0] ?? 'owner');
      for (const scope of SCOPES) {
        const { key } = await createApiKey(
          env,
          principal.userId,
          { name: 'k', scopes: [scope], expiresInDays: null },
          1,
        );
        const { status } = await ask(rule, { authorization: `Bearer ${key}` });
        if (access.scope === scope) expect([scope, status]).not.toEqual([scope, expect.toBeOneOf([401, 403])]);
        else expect([scope, status]).toEqual([scope, 403]);
      }
    },
  );

  it.each(guarded)(
    'keeps a key of every scope out of %s where its person has no right to it',
    async (_, { rule, access }) => {
      for (const role of ROLES.filter((other) => !access.roles.includes(other))) {
        const { principal } = await signedIn(role);
        const request = { name: 'k', scopes: [...SCOPES], expiresInDays: null };
        const { key } = await createApiKey(env, principal.userId, request, 1);
        expect((await ask(rule, { authorization: `Bearer ${key}` })).status).toBe(403);
      }
    },
  );

  it.each(guarded)('lets into %s those who share an account only where it says so', async (_, { rule, access }) => {
    for (const role of ['member', 'child'] as const) {
      const { status } = await ask(rule, (await inProfile(role)).headers);
      if (access.roles.includes(role) && !access.ownProfile)
        expect([role, status]).not.toEqual([role, expect.toBeOneOf([401, 403])]);
      else expect([role, status]).toEqual([role, 403]);
    }
    // There are more rules than a deployment takes people.
    await env.DB.prepare('DELETE FROM user WHERE account_id IS NOT NULL').run();
  });

  it('refuses what it does not name', async () => {
    const edge = edgeClient();
    for (const path of [
      '/api/v1/unknown',
      '/api/v1/server/',
      '/api/v2/server',
      '/agent/v1',
      '/stream/only-a-ticket',
      '/health/',
    ]) {
      const response = await edge.get(path);
      expect([path, response.status]).toEqual([path, 404]);
      expect(Problem.parse(await response.json()).code).toBe('not-found');
    }
    const response = await edge.post('/api/v1/server');
    expect(response.status).toBe(405);
    expect(Problem.parse(await response.json()).code).toBe('method-not-allowed');
  });

  it('goes for HEAD as for GET', async () => {
    const head = (path: string) =>
      app.fetch(new Request(`http://edge${path}`, { method: 'HEAD' }), env, createExecutionContext());
    expect((await head('/api/v1/server')).status).toBe(200);
    expect((await head('/api/v1/users/me')).status).toBe(401);
  });
});
