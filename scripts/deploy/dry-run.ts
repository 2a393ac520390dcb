import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deploymentFiles, writeDeployment } from './config.ts';
import type { Commands } from './wrangler.ts';

/** Any database will do: nothing is asked of it. */
const NO_DATABASE = '00000000-0000-0000-0000-000000000000';

/** Packs both Workers just as a deployment would; needs no account and no network. Throws a WranglerError. */
export async function dryRun(wrangler: Commands): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'hearthcast-dry-run-'));
  try {
    const files = deploymentFiles(folder);
    writeDeployment(files, { name: 'hearthcast', databaseId: NO_DATABASE });
    for (const config of [files.passwords, files.edge]) {
      const args = ['deploy', '--dry-run', '--minify', '--outdir', join(folder, 'out'), '--config', config];
      process.stdout.write(await wrangler.must(args));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
