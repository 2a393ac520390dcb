import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { PROJECT } from '../../scripts/build/paths.ts';

/** The release before this one, as it was built, and the last migration that it knew. */
const RELEASE_BEFORE = { version: '0.2.0', lastMigration: '0008_deployment.sql' };

export interface OldRelease {
  /** The folder of its Worker. */
  worker: string;
  migrations: string;
  /** Its agent, in one file. */
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
  const migrations = join(PROJECT, 'migrations');
  for (const name of readdirSync(migrations).filter((name) => name <= RELEASE_BEFORE.lastMigration)) {
    copyFileSync(join(migrations, name), join(unpacked.migrations, name));
  }
  return { ...unpacked, agent };
}
