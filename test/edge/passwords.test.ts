import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import deployed from '../../deploy/passwords/index.ts';

type Ask = (path: string, body: unknown) => Promise<Response>;

const asking =
  (fetch: (request: Request) => Promise<Response>): Ask =>
  (path, body) =>
    fetch(new Request(`http://passwords${path}`, { method: 'POST', body: JSON.stringify(body) }));

const services: Record<string, Ask> = {
  deployed: asking((request) => deployed.fetch(request)),
  local: asking((request) => env.PASSWORDS.fetch(request)),
};

const hashOf = async (ask: Ask, password: string) =>
  ((await (await ask('/hash', { password })).json()) as { hash: string }).hash;
const isValid = async (ask: Ask, password: string, hash: string) =>
  ((await (await ask('/verify', { password, hash })).json()) as { valid: boolean }).valid;

describe.each(Object.entries(services))('the %s password service', (_, ask) => {
  it('makes argon2id hashes of 19 MiB and two passes, each with a salt of its own', async () => {
    const [a, b] = [await hashOf(ask, 'correct horse'), await hashOf(ask, 'correct horse')];
    for (const hash of [a, b]) {
      expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    }
    expect(a).not.toBe(b);
  });

  it.each(['correct horse', 'pässwörd 🔥 with more', 'x'.repeat(256)])(
    'knows its password again: %s',
    async (password) => {
      const hash = await hashOf(ask, password);
      expect(await isValid(ask, password, hash)).toBe(true);
      expect(await isValid(ask, `${password.slice(0, -1)}?`, hash)).toBe(false);
    },
  );

  it.each(Object.entries(services))('verifies what the %s one hashed', async (_name, other) => {
    const hash = await hashOf(other, 'shared secret');
    expect(await isValid(ask, 'shared secret', hash)).toBe(true);
    expect(await isValid(ask, 'Shared secret', hash)).toBe(false);
  });

  it('finds nothing valid in what is no argon2id hash', async () => {
    for (const hash of ['', 'plain', '$argon2i$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAA', '$2b$10$abc']) {
      expect(await isValid(ask, 'anything', hash)).toBe(false);
    }
  });

  it('knows no other path', async () => {
    expect((await ask('/other', { password: 'x' })).status).toBe(404);
  });
});

// The deployed one alone: the local service of a test run is one for all files that run at the same time.
it('of a deployed edge refuses the fifth at a time, and is free again after', async () => {
  const ask = services.deployed as Ask;
  const answers = await Promise.all(Array.from({ length: 5 }, () => ask('/hash', { password: 'crowd' })));
  expect(answers.map((answer) => answer.status).sort()).toEqual([200, 200, 200, 200, 429]);
  expect((await ask('/hash', { password: 'after' })).status).toBe(200);
});

it('of a deployed edge refuses a body that it does not understand', async () => {
  for (const body of [{}, { password: '' }, { password: 7 }, [], null]) {
    expect((await services.deployed?.('/hash', body))?.status).toBe(400);
  }
});
