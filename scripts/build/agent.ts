import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RELEASE_FILES, type ReleaseManifest } from '../../shared/protocol/release.ts';
import { MIN_PROTOCOL_VERSION, PROTOCOL_VERSION } from '../../shared/protocol/version.ts';
import { installScripts } from './install-scripts.ts';
import { BUILD, PROJECT } from './paths.ts';

const ENTRIES = { 'agent.mjs': 'agent/bundle.ts', 'launcher.mjs': 'agent/update/launcher.ts' } as const;

/** What packages written for CommonJS expect of a file, and a module has not. */
const COMMON_JS = `import { createRequire as requireOf } from 'node:module';
const require = requireOf(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;`;

/** The reading thread is the same file: see agent/bundle.ts. */
const THREAD = "new URL('./thread.ts', import.meta.url)";

export interface AgentBuild {
  outDir: string;
  version: string;
  channel?: ReleaseManifest['channel'];
}

/** The release of package.json. */
export function projectVersion(): string {
  return (JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8')) as { version: string }).version;
}

/**
 * Builds the single-file agent with all of its packages, the launcher, the installers and the unsigned manifest
 * that names them. The same sources give the same bytes.
 */
export async function buildAgent({ outDir, version, channel = 'stable' }: AgentBuild): Promise<void> {
  const { build } = await import('esbuild');
  mkdirSync(outDir, { recursive: true });
  for (const [name, entry] of Object.entries(ENTRIES)) {
    await build({
      entryPoints: [join(PROJECT, entry)],
      outfile: join(outDir, name),
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node24',
      minifyWhitespace: true,
      minifySyntax: true,
      legalComments: 'none',
      define: { HEARTHCAST_RELEASE: JSON.stringify(version) },
      banner: { js: COMMON_JS },
      plugins: [
        {
          name: 'one-file',
          setup(context) {
            context.onLoad({ filter: /thread-reader\.ts$/ }, ({ path }) => {
              const source = readFileSync(path, 'utf8');
              if (!source.includes(THREAD)) throw new Error(`${path} starts its thread in a way that one file cannot`);
              return { loader: 'ts', contents: source.replace(THREAD, 'new URL(import.meta.url)') };
            });
          },
        },
      ],
      logLevel: 'warning',
    });
  }
  const manifest: ReleaseManifest = {
    format: 1,
    version,
    channel,
    protocol: PROTOCOL_VERSION,
    minProtocol: MIN_PROTOCOL_VERSION,
    files: Object.fromEntries(
      RELEASE_FILES.map((name) => {
        const bytes = readFileSync(join(outDir, name));
        return [name, { size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }];
      }),
    ) as ReleaseManifest['files'],
  };
  writeFileSync(join(outDir, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  for (const [name, text] of Object.entries(installScripts())) writeFileSync(join(outDir, name), text);
}

/** What the edge serves below /install/. */
const SERVED = [...RELEASE_FILES, 'manifest.json', 'install.sh', 'install.ps1'] as const;

/** Puts a built agent among the files that the edge serves. */
export function publishAgent(from: string = BUILD.agent, to: string = join(BUILD.web, 'install')): void {
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to, { recursive: true });
  for (const name of SERVED) copyFileSync(join(from, name), join(to, name));
}
