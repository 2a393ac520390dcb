import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { DirectWay } from '../../../../shared/api/playback.ts';
import { DirectRoute, type DirectState } from './direct-route.ts';
import type { Found } from './probe.ts';

const LAN = { url: 'http://192.168.1.5:8788', reach: 'local' } as const;
const WAY: DirectWay = { agentId: 'a', publicKey: 'k', addresses: [LAN], probe: '/direct/v1/p', media: '/direct/v1/m' };
const NEXT: DirectWay = { ...WAY, agentId: 'b', media: '/direct/v1/n' };

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function stage(options: { way?: DirectWay | null; found?: Found; mayAsk?: boolean } = {}) {
  const states: DirectState[] = [];
  const probed: { way: DirectWay; mayAsk: boolean }[] = [];
  const world = { found: options.found ?? { address: LAN, asks: false }, next: WAY as DirectWay | null, away: false };
  const refresh = vi.fn(async () => {
    if (world.away) throw new Error('away');
    return world.next;
  });
  const route = new DirectRoute(options.way === undefined ? WAY : options.way, {
    refresh,
    probe: async (way, mayAsk) => {
      probed.push({ way, mayAsk });
      return world.found;
    },
    doubtful: false,
    mayAsk: options.mayAsk ?? false,
    onState: (state) => states.push(state),
  });
  return { route, states, probed, world, refresh };
}

it('goes to the machine once it has proved itself', async () => {
  const { route, states } = stage();
  expect(route.at('v1/0.m4s')).toBeNull();
  await route.ready(400);
  expect(route.at('v1/0.m4s')).toEqual({ url: 'http://192.168.1.5:8788/direct/v1/m/v1/0.m4s', address: LAN });
  expect(states).toEqual([{ address: LAN, asks: false }]);
});

it('asks nobody where the machine has no way', async () => {
  const { route, probed } = stage({ way: null });
  await route.ready(400);
  await vi.advanceTimersByTimeAsync(120_000);
  expect([probed, route.at('file')]).toEqual([[], null]);
});

it('goes by the server at once after a failure, and looks for the machine again later and later', async () => {
  const { route, probed, world } = stage();
  await route.ready(400);
  world.found = { address: null, asks: false };
  route.failed(LAN);
  // Two requests fail at once: that is one failure.
  route.failed(LAN);
  expect(route.at('file')).toBeNull();
  await vi.advanceTimersByTimeAsync(1_999);
  expect(probed).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(probed).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(4_000 + 8_000 + 16_000 + 32_000);
  expect(probed).toHaveLength(6);
  await vi.advanceTimersByTimeAsync(59_999);
  expect(probed).toHaveLength(6);
  world.found = { address: LAN, asks: false };
  await vi.advanceTimersByTimeAsync(1);
  expect(route.at('file')).not.toBeNull();
});

it('does not fly to and fro: only bytes that came make the next wait short again', async () => {
  const { route, probed } = stage();
  await route.ready(400);
  route.failed(LAN);
  await vi.advanceTimersByTimeAsync(2_000);
  route.failed(LAN);
  await vi.advanceTimersByTimeAsync(3_999);
  expect(probed).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(1);
  expect(probed).toHaveLength(3);
  route.worked();
  route.failed(LAN);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(probed).toHaveLength(4);
});

it('follows the session to its next machine, with the tickets of that one', async () => {
  const { route, world } = stage();
  await route.ready(400);
  world.next = NEXT;
  route.moved();
  expect(route.at('file')).toBeNull();
  await vi.advanceTimersByTimeAsync(0);
  expect(route.at('file')?.url).toContain('/direct/v1/n/file');
});

it('looks on with the tickets that it has while the server is away', async () => {
  const { route, world } = stage();
  await route.ready(400);
  world.away = true;
  route.failed(LAN);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(route.at('file')?.url).toContain('/direct/v1/m/file');
});

it('lets the browser ask only when the viewer said so, and says that it would', async () => {
  const { route, probed, states, world } = stage({ found: { address: null, asks: true } });
  await route.ready(400);
  expect(states).toEqual([{ address: null, asks: true }]);
  world.found = { address: LAN, asks: false };
  route.allow();
  await vi.advanceTimersByTimeAsync(0);
  expect(probed.map(({ mayAsk }) => mayAsk)).toEqual([false, true]);
  expect(route.at('file')).not.toBeNull();
});

it('asks a machine whether it is still there, when a film waits for it', async () => {
  const { route, world } = stage();
  await route.ready(400);
  expect(await route.holds(LAN)).toBe(true);
  expect(route.at('file')?.address).toBe(LAN);
  world.found = { address: null, asks: false };
  expect(await route.holds(LAN)).toBe(false);
  expect(route.at('file')).toBeNull();
  world.found = { address: LAN, asks: false };
  await vi.advanceTimersByTimeAsync(2_000);
  expect(route.at('file')).not.toBeNull();
});

it('is quiet once it is closed', async () => {
  const { route, probed } = stage();
  await route.ready(400);
  route.close();
  route.failed(LAN);
  await vi.advanceTimersByTimeAsync(120_000);
  expect(probed).toHaveLength(1);
});
