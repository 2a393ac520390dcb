import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { signed } from '../../agent/update/release.ts';
import { ReleaseKey } from '../../shared/protocol/release.ts';
import { BUILD } from '../build/paths.ts';
import { ensureReleaseKey, type SignedRelease, signManifest } from './release-key.ts';

/** `npm run release` writes it beside the agent that it signs. */
export const SIGNATURE_FILE = 'signature.json';

const Signature = z.object({ key: ReleaseKey, signature: z.string() });

/**
 * The variables that a deployment of this build needs so that machines can be added: the signature that came with
 * it where that holds for these very bytes, else one by the owner's own key, which is made in the data folder on
 * first use. Nothing where no agent was built.
 */
export function releaseBindings(dataDir: string): { RELEASE_KEY?: string; RELEASE_SIGNATURE?: string } {
  const manifestFile = join(BUILD.agent, 'manifest.json');
  if (!existsSync(manifestFile)) return {};
  const manifest = readFileSync(manifestFile);
  const { key, signature } =
    shipped(manifest) ?? signManifest(manifest, ensureReleaseKey(join(dataDir, 'release-key.pem')));
  return { RELEASE_KEY: key, RELEASE_SIGNATURE: signature };
}

function shipped(manifest: Uint8Array): SignedRelease | null {
  try {
    const release = Signature.parse(JSON.parse(readFileSync(join(BUILD.agent, SIGNATURE_FILE), 'utf8')));
    return signed(manifest, release.signature, release.key) ? release : null;
  } catch {
    return null;
  }
}
