import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { PROJECT } from '../../scripts/build/paths.ts';

/** The release before this one, as it was built: its Worker, its agent, and the migrations that it knew. */
export const RELEASE_BEFORE = {
  version: '0.1.0',
  migrations: ['0001_init.sql', '0002_identity.sql', '0003_catalog.sql'],
} as const;

export interface OldRelease {
  /** The folder of its Worker. */
  worker: string;
  migrations: string;
  /** Its agent; the thread that reads files lies beside it. */
  agent: string;
}

/** Unpacks the release before this one into a folder. */
export function unpackOldRelease(folder: string): OldRelease {
  const fixture = join(PROJECT, 'test', 'fixtures', `release-${RELEASE_BEFORE.version}`);
  const unpacked = { worker: join(folder, 'worker'), migrations: join(folder, 'migrations') };
  for (const dir of Object.values(unpacked)) mkdirSync(dir, { recursive: true });
  const unzip = (name: string) => gunzipSync(readFileSync(join(fixture, `${name}.gz`)));
  writeFileSync(join(unpacked.worker, 'index.js'), unzip('edge.js'));
  const agent = join(folder, 'agent.mjs');
  writeFileSync(agent, unzip('agent.mjs'));
  writeFileSync(join(folder, 'thread.mjs'), unzip('thread.mjs'));
  for (const name of RELEASE_BEFORE.migrations) {
    copyFileSync(join(PROJECT, 'migrations', name), join(unpacked.migrations, name));
  }
  return { ...unpacked, agent };
}
