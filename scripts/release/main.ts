import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { CHANNELS, Channel, ReleaseVersion } from '../../shared/protocol/release.ts';
import { buildAgent, projectVersion, publishAgent } from '../build/agent.ts';
import { BUILD, PROJECT } from '../build/paths.ts';
import { markBuilt, sourceHash } from '../build/stamp.ts';
import { notesOf } from './notes.ts';
import { SIGNATURE_FILE } from './release-bindings.ts';
import { makeReleaseKey, readReleaseKey, signManifest } from './release-key.ts';

const USAGE = `Usage: npm run release -- --key FILE [options]
       npm run release -- --notes

Builds the agent and signs its manifest. It needs no network: do it where the key is, and nowhere else.

  --key FILE         the Ed25519 key (PKCS #8, PEM)
  --make-key         make the key first; FILE must not be there yet
  --channel NAME     ${CHANNELS.join(' or ')} (default stable)
  --version X.Y.Z    another version than that of package.json
  --notes            only print what CHANGELOG.md says of the version
  --out DIR          where to (default dist/agent, from where this checkout's edge serves it)`;

const { values } = parseArgs({
  options: {
    key: { type: 'string' },
    'make-key': { type: 'boolean' },
    channel: { type: 'string', default: 'stable' },
    version: { type: 'string', default: projectVersion() },
    out: { type: 'string', default: BUILD.agent },
    notes: { type: 'boolean' },
    help: { type: 'boolean' },
  },
});

if (values.notes) {
  const notes = notesOf(readFileSync(join(PROJECT, 'CHANGELOG.md'), 'utf8'), values.version);
  process.stdout.write(notes === null ? '' : `${notes}\n`);
  if (notes === null) process.stderr.write(`CHANGELOG.md says nothing of ${values.version}.\n`);
  process.exit(notes === null ? 1 : 0);
}

if (values.help || !values.key) {
  process.stdout.write(`${USAGE}\n`);
  process.exit(values.help ? 0 : 2);
}

const key = values['make-key'] ? makeReleaseKey(resolve(values.key)) : readReleaseKey(resolve(values.key));
const outDir = resolve(values.out);
mkdirSync(outDir, { recursive: true });
const hash = sourceHash('agent');
await buildAgent({ outDir, version: ReleaseVersion.parse(values.version), channel: Channel.parse(values.channel) });
const release = signManifest(readFileSync(join(outDir, 'manifest.json')), key);
writeFileSync(join(outDir, SIGNATURE_FILE), `${JSON.stringify(release, null, 2)}\n`);
if (outDir === BUILD.agent) {
  publishAgent();
  markBuilt('agent', hash);
}
process.stdout.write(
  `Hearthcast agent ${values.version} (${values.channel}), signed, in ${outDir}\n  key ${release.key}\n`,
);
