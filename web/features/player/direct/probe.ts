import type { DirectWay } from '../../../../shared/api/playback.ts';
import { type DirectAddress, DirectIdentity, identityStatement } from '../../../../shared/protocol/direct.ts';
import { mayTry, type NetworkPermission, networkPermission, type Page, spaceOf } from './permission.ts';

/** A machine in the same house answers in a few ms; one that has not by then is no better than the server. */
const PROBE_MS = 1_500;

/** The viewer reads the browser's question meanwhile. */
const ASKED_MS = 30_000;

/** What became of looking for a machine. */
export interface Found {
  /** The nearest address that proved itself; null for none. */
  address: DirectAddress | null;
  /** The browser would ask its viewer before any more can be tried. */
  asks: boolean;
}

/**
 * Tries all addresses at once and takes the one that proves first that it is the machine. `mayAsk`: the viewer has said
 * that the browser may ask him. Never rejects.
 */
export async function probe(way: DirectWay, mayAsk: boolean, signal: AbortSignal): Promise<Found> {
  const page: Page = location;
  const permissions = await permissionsFor(way, page);
  const judged = way.addresses.map((address) => {
    const permission = address.reach === 'public' ? 'none' : permissions[address.reach];
    return { address, may: mayTry(address, page, permission) };
  });
  const open = judged.filter(({ may }) => may === 'yes' || (may === 'ask' && mayAsk));
  const asks = !mayAsk && judged.some(({ may }) => may === 'ask');
  if (open.length === 0) return { address: null, asks };
  const limitMs = open.some(({ may }) => may === 'ask') ? ASKED_MS : PROBE_MS;
  const race = new AbortController();
  const limit = AbortSignal.any([signal, race.signal, AbortSignal.timeout(limitMs)]);
  const address = await Promise.any(open.map(({ address }) => proven(way, address, page, limit))).catch(() => null);
  race.abort();
  return { address, asks: address === null && asks };
}

async function permissionsFor(way: DirectWay, page: Page): Promise<Record<'local' | 'loopback', NetworkPermission>> {
  if (page.protocol !== 'https:' || way.addresses.every(({ reach }) => reach === 'public')) {
    return { local: 'none', loopback: 'none' };
  }
  const [local, loopback] = await Promise.all([networkPermission('local'), networkPermission('loopback')]);
  return { local, loopback };
}

/** Resolves with the address once it has signed our question with the machine's key. */
async function proven(way: DirectWay, address: DirectAddress, page: Page, signal: AbortSignal): Promise<DirectAddress> {
  const nonce = base64Url(crypto.getRandomValues(new Uint8Array(32)));
  // Beside the question: WebCrypto is not there on the plain pages of a home network.
  const verifier = import('@noble/curves/ed25519.js');
  verifier.catch(() => {});
  const response = await fetch(`${address.url}${way.probe}/identity?nonce=${nonce}`, {
    signal,
    credentials: 'omit',
    cache: 'no-store',
    ...spaceOf(address, page),
  });
  if (!response.ok) throw new Error(`refused with ${response.status}`);
  const { signature } = DirectIdentity.parse(await response.json());
  const statement = identityStatement({ agentId: way.agentId, nonce, origin: location.origin });
  const { ed25519 } = await verifier;
  const text = new TextEncoder().encode(statement);
  if (!ed25519.verify(bytesOf(signature), text, bytesOf(way.publicKey)))
    throw new Error('another machine answers there');
  return address;
}

function base64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (sign) => sign.charCodeAt(0));
}
