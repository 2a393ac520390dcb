import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PROJECT } from '../build/paths.ts';

/** Both Workers, packed as a deploy would pack them; needs no account and no network. */
const CONFIGS = ['wrangler.toml', 'deploy/passwords/wrangler.toml'];

const out = mkdtempSync(join(tmpdir(), 'hearthcast-dry-run-'));
try {
  for (const config of CONFIGS) {
    const { status } = spawnSync(
      process.execPath,
      ['node_modules/wrangler/bin/wrangler.js', 'deploy', '--dry-run', '--minify', '--outdir', out, '--config', config],
      { cwd: PROJECT, stdio: 'inherit', env: { ...process.env, WRANGLER_SEND_METRICS: 'false' } },
    );
    if (status !== 0) process.exitCode = 1;
  }
} finally {
  rmSync(out, { recursive: true, force: true });
}
