import { ed25519 } from '@noble/curves/ed25519.js';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { DirectWay } from '../../../../shared/api/playback.ts';
import { identityStatement } from '../../../../shared/protocol/direct.ts';
import { probe } from './probe.ts';

const AGENT = `agt_${'a'.repeat(22)}`;
const ORIGIN = 'https://films.example';
const NEAR = { url: 'https://cellar.example:8788', reach: 'public' } as const;
const FAR = { url: 'https://far.example:8788', reach: 'public' } as const;
const HOME = { url: 'http://192.168.1.5:8788', reach: 'local' } as const;

const mine = ed25519.keygen();
const stranger = ed25519.keygen();

function base64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

function wayOf(...addresses: DirectWay['addresses']): DirectWay {
  const publicKey = base64Url(mine.publicKey);
  return { agentId: AGENT, publicKey, addresses, probe: '/direct/v1/probe', media: '/direct/v1/media' };
}

/** Machines by address: each signs with a key, after some ms, or is not there. */
function machines(all: Record<string, { key: Uint8Array; afterMs?: number; origin?: string }>) {
  const asked: { url: string; init: RequestInit & { targetAddressSpace?: string } }[] = [];
  vi.stubGlobal('fetch', async (input: string, init: RequestInit) => {
    asked.push({ url: input, init });
    const url = new URL(input);
    const machine = all[url.origin];
    if (!machine) throw new TypeError('Failed to fetch');
    await new Promise((resolve) => setTimeout(resolve, machine.afterMs ?? 0));
    init.signal?.throwIfAborted();
    const nonce = url.searchParams.get('nonce') ?? '';
    const statement = identityStatement({ agentId: AGENT, nonce, origin: machine.origin ?? ORIGIN });
    const signature = base64Url(ed25519.sign(new TextEncoder().encode(statement), machine.key));
    return Response.json({ signature });
  });
  return asked;
}

const allow = (state: string) => vi.stubGlobal('navigator', { permissions: { query: async () => ({ state }) } });
const look = (way: DirectWay, mayAsk = false) => probe(way, mayAsk, new AbortController().signal);

beforeEach(() => {
  vi.stubGlobal('location', { origin: ORIGIN, protocol: 'https:', hostname: 'films.example' });
  allow('prompt');
});
afterEach(() => vi.unstubAllGlobals());

it('takes the address that proves itself first', async () => {
  machines({ [NEAR.url]: { key: mine.secretKey, afterMs: 50 }, [FAR.url]: { key: mine.secretKey, afterMs: 5_000 } });
  expect(await look(wayOf(FAR, NEAR))).toEqual({ address: NEAR, asks: false });
});

it('takes no address that another machine answers, and shows it no ticket', async () => {
  const asked = machines({ [NEAR.url]: { key: stranger.secretKey } });
  expect(await look(wayOf(NEAR, FAR))).toEqual({ address: null, asks: false });
  expect(asked.map(({ url }) => url).filter((url) => url.includes('/media'))).toEqual([]);
  // A proof that the machine gave for another page is none for this one.
  machines({ [NEAR.url]: { key: mine.secretKey, origin: 'https://evil.example' } });
  expect(await look(wayOf(NEAR))).toEqual({ address: null, asks: false });
});

it('touches nothing that the browser would ask about before its viewer said so', async () => {
  const asked = machines({ [HOME.url]: { key: mine.secretKey } });
  expect(await look(wayOf(HOME))).toEqual({ address: null, asks: true });
  expect(asked).toEqual([]);
  expect(await look(wayOf(HOME), true)).toEqual({ address: HOME, asks: false });
  expect(asked[0]?.init).toMatchObject({ targetAddressSpace: 'local', credentials: 'omit' });
});

it('offers nothing that the browser has refused', async () => {
  allow('denied');
  const asked = machines({ [HOME.url]: { key: mine.secretKey } });
  expect(await look(wayOf(HOME), true)).toEqual({ address: null, asks: false });
  expect(asked).toEqual([]);
});
