import { createHash, createPublicKey, verify } from 'node:crypto';
import compare from 'semver/functions/compare.js';
import {
  type Channel,
  MAX_RELEASE_BYTES,
  RELEASE_FILES,
  type ReleaseFile,
  ReleaseManifest,
} from '../../shared/protocol/release.ts';
import { PROTOCOL_VERSION } from '../../shared/protocol/version.ts';
import { AgentError } from '../exit-codes.ts';

/** A manifest has a few hundred bytes, a signature 88. */
const MAX_TEXT_BYTES = 16 * 1024;
const ASK_TIMEOUT_MS = 15_000;
const DOWNLOAD_TIMEOUT_MS = 10 * 60_000;

/** A release whose signature was verified with the key of this machine. */
export interface VerifiedRelease {
  manifest: ReleaseManifest;
}

/**
 * Reads what a server offers and believes it only when it is signed with the key that was pinned on this machine
 * when the agent was installed. Throws an AgentError with what is wrong.
 */
export async function askRelease(edge: string, key: string | null): Promise<VerifiedRelease> {
  if (!key) throw new AgentError('No release key is pinned on this machine: install the agent again with install.sh.');
  const [manifest, signature] = await Promise.all([
    download(edge, 'manifest.json', MAX_TEXT_BYTES, ASK_TIMEOUT_MS),
    download(edge, 'manifest.sig', MAX_TEXT_BYTES, ASK_TIMEOUT_MS),
  ]);
  if (!signed(manifest, signature.toString('utf8'), key)) {
    throw new AgentError(
      'The release that the server offers is not signed with the key that this machine trusts: nothing was taken. If the server was built anew by its owner, run install.sh again with --trust-new-key.',
    );
  }
  return { manifest: ReleaseManifest.parse(JSON.parse(manifest.toString('utf8'))) };
}

/** Whether these bytes carry a signature (base64) of a key (SPKI in base64). */
export function signed(bytes: Uint8Array, signature: string, key: string): boolean {
  try {
    const publicKey = createPublicKey({ key: Buffer.from(key, 'base64'), format: 'der', type: 'spki' });
    return verify(null, bytes, publicKey, Buffer.from(signature.trim(), 'base64'));
  } catch {
    return false;
  }
}

export type Verdict = 'same' | 'newer' | 'older' | 'other-channel' | 'too-new';

/** What a release is to a machine that runs `version` and follows `channel`. */
export function judgeRelease(manifest: ReleaseManifest, version: string, channel: Channel): Verdict {
  if (manifest.channel === 'beta' && channel !== 'beta') return 'other-channel';
  if (manifest.minProtocol > PROTOCOL_VERSION + 1) return 'too-new';
  const order = compare(manifest.version, version);
  return order === 0 ? 'same' : order > 0 ? 'newer' : 'older';
}

/** The files of a verified release, each with just the bytes that its manifest names. Throws an AgentError. */
export async function fetchRelease(edge: string, { manifest }: VerifiedRelease): Promise<Record<ReleaseFile, Buffer>> {
  const files = await Promise.all(
    RELEASE_FILES.map(async (name) => {
      const { size, sha256 } = manifest.files[name];
      const bytes = await download(edge, name, Math.min(size, MAX_RELEASE_BYTES), DOWNLOAD_TIMEOUT_MS);
      if (bytes.length !== size || createHash('sha256').update(bytes).digest('hex') !== sha256) {
        throw new AgentError(`${name} is not what the release's manifest names: nothing was taken.`);
      }
      return [name, bytes] as const;
    }),
  );
  return Object.fromEntries(files) as Record<ReleaseFile, Buffer>;
}

async function download(edge: string, name: string, maxBytes: number, timeoutMs: number): Promise<Buffer> {
  const url = new URL(`/install/${name}`, edge);
  let response: Response;
  try {
    response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
  } catch (cause) {
    throw new AgentError(`${url} does not answer: is the server reachable?`, undefined, { cause });
  }
  if (!response.ok || !response.body)
    throw new AgentError(`${url} answered ${response.status}: it has no agent to offer.`);
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of response.body) {
    length += piece.length;
    if (length > maxBytes) throw new AgentError(`${url} is larger than its release says: nothing was taken.`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
