import { env, exports } from 'cloudflare:workers';
import { expect, it } from 'vitest';

it('runs with its database', async () => {
  const row = await env.DB.prepare('SELECT count(*) AS n FROM item').first<{ n: number }>();
  expect(row?.n).toBe(0);
  const hash = await env.PASSWORDS.fetch('http://p/hash', { method: 'POST', body: JSON.stringify({ password: 'x' }) });
  expect(await hash.json()).toHaveProperty('hash');
  expect((await exports.default.fetch('http://edge/health/live')).status).toBe(200);
  expect((await exports.default.fetch('http://edge/health/ready')).status).toBe(200);
});
