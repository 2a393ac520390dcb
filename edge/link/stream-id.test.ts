import { expect, it } from 'vitest';
import { fromBase64Url, toBase64Url } from '../identity/sealed.ts';
import { makeStreamId, readStreamId } from './stream-id.ts';

const env = { HEARTHCAST_SECRET: 'a-secret-of-this-test-a-secret-of-this-test' };
const CLAIMS = { agentId: 'agt_one', session: 'ses_one', generation: 3, expiresAt: 2_000 };

it('[SI1] carries its claims, and needs nothing else to be verified', async () => {
  expect(await readStreamId(env, await makeStreamId(env, CLAIMS), 1_000)).toEqual(CLAIMS);
  const picture = { ...CLAIMS, session: null };
  expect(await readStreamId(env, await makeStreamId(env, picture), 1_000)).toEqual(picture);
});

it('[SI1] is another one for each request', async () => {
  expect(await makeStreamId(env, CLAIMS)).not.toBe(await makeStreamId(env, CLAIMS));
});

it.each([
  ['agt_one', 'agt_two'],
  ['ses_one', 'ses_two'],
  ['|3|', '|4|'],
  ['|2000|', '|9000|'],
])('[SI1] is refused when %s was changed to %s', async (from, to) => {
  const bytes = fromBase64Url(await makeStreamId(env, CLAIMS)) as Uint8Array;
  const text = Buffer.from(bytes).toString('latin1').replace(from, to);
  expect(await readStreamId(env, toBase64Url(Buffer.from(text, 'latin1')), 1_000)).toBe('forged');
});

it('[SI1] is refused when another deployment made it, or nobody did', async () => {
  const other = await makeStreamId({ HEARTHCAST_SECRET: 'another-secret-another-secret-another-secret' }, CLAIMS);
  expect(await readStreamId(env, other, 1_000)).toBe('forged');
  for (const word of ['', 'x', '../../etc/passwd', 'A'.repeat(500)]) {
    expect(await readStreamId(env, word, 1_000)).toBe('forged');
  }
});

it('[SI2] ends at its expiry', async () => {
  const id = await makeStreamId(env, CLAIMS);
  expect(await readStreamId(env, id, 1_999)).toEqual(CLAIMS);
  expect(await readStreamId(env, id, 2_000)).toBe('expired');
});
