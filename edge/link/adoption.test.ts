import { expect, it } from 'vitest';
import { Adoption, REFUSED_MS } from './adoption.ts';

/** A database that may know an agent, and how often it was asked. */
function database(known: string | null = null) {
  const state = { known, asked: 0, fails: false };
  const adoption = new Adoption(async () => {
    state.asked++;
    if (state.fails) throw new Error('the database is away');
    return state.known;
  });
  return { state, adoption };
}

it('asks once for all who knock at the same time', async () => {
  const { state, adoption } = database('attic');
  expect(await Promise.all([adoption.of('a', 0), adoption.of('a', 0)])).toEqual(['attic', 'attic']);
  expect(state.asked).toBe(1);
});

it('[AU5] asks no more for a while after a refusal, and keeps nobody away for good who comes meanwhile', async () => {
  const { state, adoption } = database();
  expect(await adoption.of('a', 0)).toBeNull();
  state.known = 'attic';
  for (const now of [1, REFUSED_MS - 1]) {
    await expect(adoption.of('a', now)).rejects.toMatchObject({ code: 'unavailable' });
  }
  expect(state.asked).toBe(1);
  expect(await adoption.of('a', REFUSED_MS)).toBe('attic');
});

it('does not take a database that fails for a refusal', async () => {
  const { state, adoption } = database('attic');
  state.fails = true;
  await expect(adoption.of('a', 0)).rejects.toThrow('away');
  state.fails = false;
  expect(await adoption.of('a', 1)).toBe('attic');
});
