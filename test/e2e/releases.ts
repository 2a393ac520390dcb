import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildAgent } from '../../scripts/build/agent.ts';
import { readReleaseKey, signManifest } from '../../scripts/release/release-key.ts';
import { ReleaseManifest } from '../../shared/protocol/release.ts';

/** Releases signed with a deployment's own key, as an edge of that version would offer them. */
export class Releases {
  readonly #folder: string;
  readonly #key: string;

  constructor(folder: string, keyFile: string) {
    this.#folder = folder;
    this.#key = keyFile;
  }

  /** The agent of this checkout, calling itself so. */
  async good(version: string): Promise<string> {
    const outDir = join(this.#folder, version);
    await buildAgent({ outDir, version });
    this.#sign(outDir);
    return outDir;
  }

  /** A release, soundly signed, whose agent ends as soon as it is started. */
  broken(like: string, version: string): string {
    return this.#changed(like, version, 'process.exit(1);\n');
  }

  /** What somebody offers who changed the agent and has not the key. */
  forged(like: string, version: string): string {
    const folder = join(this.#folder, `${version}-forged`);
    cpSync(like, folder, { recursive: true });
    const manifest = readFileSync(join(folder, 'manifest.json'), 'utf8');
    writeFileSync(join(folder, 'manifest.json'), manifest.replace(/"version": "[^"]+"/, `"version": "${version}"`));
    return folder;
  }

  #changed(like: string, version: string, agent: string): string {
    const folder = join(this.#folder, version);
    mkdirSync(folder, { recursive: true });
    cpSync(like, folder, { recursive: true });
    writeFileSync(join(folder, 'agent.mjs'), agent);
    const manifest = ReleaseManifest.parse(JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')));
    manifest.version = version;
    manifest.files['agent.mjs'] = { size: agent.length, sha256: createHash('sha256').update(agent).digest('hex') };
    writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest));
    this.#sign(folder);
    return folder;
  }

  #sign(folder: string): void {
    const { signature } = signManifest(readFileSync(join(folder, 'manifest.json')), readReleaseKey(this.#key));
    writeFileSync(join(folder, 'manifest.sig'), signature);
  }
}
