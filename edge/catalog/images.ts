import { HearthcastError } from '../../shared/errors.ts';
import type { Resource } from '../../shared/protocol/resources.ts';
import { agentsOfImage } from '../db/images.ts';
import type { Env } from '../env.ts';
import { macKey } from '../identity/keys.ts';
import { toBase64Url } from '../identity/sealed.ts';
import { FAILURE_HEADER, orderBytes } from '../link/orders.ts';
import { presenceOfAgents } from './presence.ts';

/** Types that are served from the app's origin: none of them can hold a script. */
const IMAGE_TYPES: ReadonlySet<string> = new Set(['image/jpeg', 'image/png', 'image/webp', 'image/avif']);

/** The widths that are made, in pixels: each one more would be kept for every picture. */
export const IMAGE_WIDTHS = ['200', '400', '800', '1600'] as const;

/** A bucket deletes a thousand objects at a call. */
const PICTURES_AT_ONCE = 250;

/** A picture 1600 pixels wide is well below. */
const MAX_IMAGE_BYTES = 8 * 1024 * 1024;

/** Making a frame of a film on a slow machine takes seconds. */
const IMAGE_WAIT_MS = 25_000;

/** Pictures in the making at once; above it, requests make their own. */
const MAX_FLIGHTS = 1_000;

export interface Picture {
  contentType: string;
  body: ArrayBuffer | ReadableStream;
}

export interface Made {
  contentType: string;
  bytes: ArrayBuffer;
}

/** What this isolate is asking agents for right now, so that a page of one poster forty times asks once. */
const flights = new Map<string, Promise<Made>>();

/**
 * A picture at a width in pixels: the kept one, else made by an agent that announced it, and kept. `keepAlive`
 * lets the work go on when its first viewer has left. Throws `not-found` where nobody announced it,
 * `agent-offline` where those who did are away, `agent-failed` where they cannot make it.
 */
export async function loadImage(
  env: Env,
  id: string,
  width: number,
  keepAlive: (work: Promise<unknown>) => void,
): Promise<Picture> {
  const key = await keptName(env, id, width);
  const kept = await env.IMAGES.get(key);
  const contentType = kept?.httpMetadata?.contentType;
  if (kept && contentType && IMAGE_TYPES.has(contentType)) return { contentType, body: kept.body };

  let flight = flights.get(key);
  if (!flight) {
    flight = makeImage(env, id, width, key).finally(() => flights.delete(key));
    if (flights.size < MAX_FLIGHTS) flights.set(key, flight);
    keepAlive(flight.catch(() => {}));
  }
  const made = await flight;
  return { contentType: made.contentType, body: made.bytes };
}

/** Pictures that no file has any more: the kept ones of every width go. */
export async function forgetPictures(
  env: Pick<Env, 'IMAGES' | 'HEARTHCAST_SECRET'>,
  ids: readonly string[],
): Promise<void> {
  for (let at = 0; at < ids.length; at += PICTURES_AT_ONCE) {
    const some = ids.slice(at, at + PICTURES_AT_ONCE);
    await env.IMAGES.delete(
      await Promise.all(some.flatMap((id) => IMAGE_WIDTHS.map((width) => keptName(env, id, Number(width))))),
    );
  }
}

/**
 * Where a picture is kept. Nobody who knows its id can tell: the runtime of a local edge serves its buckets by name to
 * whoever asks, past every sign-in.
 */
async function keptName(env: Pick<Env, 'HEARTHCAST_SECRET'>, id: string, width: number): Promise<string> {
  const text = new TextEncoder().encode(`${id}/${width}`);
  return toBase64Url(new Uint8Array(await crypto.subtle.sign('HMAC', await macKey(env, 'image-store'), text)));
}

async function makeImage(env: Env, id: string, width: number, key: string): Promise<Made> {
  const [agents, presence] = await Promise.all([agentsOfImage(env.DB, id), presenceOfAgents(env)]);
  if (agents.length === 0) throw new HearthcastError('not-found', 'There is no such picture.');
  const online = agents.filter((agentId) => presence.get(agentId)?.online);
  if (online.length === 0) throw new HearthcastError('agent-offline', 'The machine that has this picture is offline.');
  let failure = new HearthcastError('agent-failed');
  for (const agentId of online) {
    try {
      const made = await askAgent(env, agentId, { kind: 'image', image: id, width });
      await env.IMAGES.put(key, made.bytes, { httpMetadata: { contentType: made.contentType } });
      return made;
    } catch (error) {
      if (!(error instanceof HearthcastError)) throw error;
      failure = error;
    }
  }
  throw failure;
}

/** A picture that an agent makes now. Throws a HearthcastError. */
export async function askAgent(env: Env, agentId: string, resource: Resource): Promise<Made> {
  const order = { session: null, generation: 0, resource, range: null };
  const response = await orderBytes(env, agentId, order, AbortSignal.timeout(IMAGE_WAIT_MS));
  if (!response.ok) {
    await response.body?.cancel();
    throw failureOf(response.headers.get(FAILURE_HEADER));
  }
  const contentType = response.headers.get('content-type') ?? '';
  const length = Number(response.headers.get('content-length') ?? Number.NaN);
  if (!IMAGE_TYPES.has(contentType) || !(length > 0 && length <= MAX_IMAGE_BYTES)) {
    await response.body?.cancel();
    throw new HearthcastError('agent-failed', 'What came back is not a picture that can be shown.');
  }
  return { contentType, bytes: await response.arrayBuffer() };
}

function failureOf(failureClass: string | null): HearthcastError {
  switch (failureClass) {
    case 'liveness':
      return new HearthcastError('agent-offline');
    case 'capacity':
      return new HearthcastError('capacity-full');
    default:
      return new HearthcastError('agent-failed', 'The picture could not be made.');
  }
}
