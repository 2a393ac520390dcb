import { createExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { createApp } from '../../edge/http/app.ts';
import { POLICY, type Rule, ruleFor } from '../../edge/http/policy.ts';
import { ROLES } from '../../shared/api/auth.ts';
import { Problem } from '../../shared/errors.ts';
import { edgeClient } from './edge-client.ts';
import { signedIn } from './signed-in.ts';

const app = createApp();

/** Middleware is registered for all methods on all paths. */
const routes = app.routes.filter((route) => !(route.method === 'ALL' && route.path === '/*'));

/** A path that a rule covers. */
const exampleOf = (rule: Rule) => rule.path.replaceAll(/:\w+/g, '1').replace('*', 'master.m3u8');
const named = (rules: readonly Rule[]) => rules.map((rule) => [`${rule.method} ${rule.path}`, rule] as const);

const ask = (rule: Rule, headers: Record<string, string> = {}) =>
  app.fetch(
    new Request(`http://edge${exampleOf(rule)}`, { method: rule.method, headers }),
    env,
    createExecutionContext(),
  );

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

  it.each(named(POLICY.filter((rule) => typeof rule.access === 'object')))(
    'keeps every other role out of %s',
    async (_, rule) => {
      const allowed: readonly string[] = typeof rule.access === 'object' ? rule.access.roles : [];
      for (const role of ROLES.filter((role) => !allowed.includes(role))) {
        const response = await ask(rule, (await signedIn(role)).headers);
        expect([role, response.status]).toEqual([role, 403]);
      }
    },
  );

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
