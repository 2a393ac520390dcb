import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { parse } from 'plist';
import { describe, expect, it } from 'vitest';
import { Language, type Node, Parser } from 'web-tree-sitter';
import { installScripts } from './install-scripts.ts';
import { PROJECT } from './paths.ts';

const template = (name: string) => readFileSync(join(PROJECT, 'deploy', 'agent', name), 'utf8');

/** As install.sh fills it in. */
const filled = (text: string) =>
  text
    .replaceAll('%NODE%', '/opt/node')
    .replaceAll('%APP%', '/opt/app')
    .replaceAll('%DATA%', '/var/data')
    .replaceAll('%CONFIG%', '/etc/agent.toml')
    .replaceAll('%USER%', 'ada');

describe('what the build fills into the installers', () => {
  it.each(['install.sh', 'install.ps1'] as const)('leaves in %s only what the deployment knows', (name) => {
    const places = new Set(installScripts()[name].match(/@[A-Z][A-Z_]+@/g));
    expect([...places].sort()).toEqual(['@EDGE@', '@RELEASE_KEY@']);
  });
});

describe('the service', () => {
  it('of a Mac is a property list that launchd knows', () => {
    expect(parse(filled(template('org.hearthcast.agent.plist')))).toEqual({
      Label: 'org.hearthcast.agent',
      UserName: 'ada',
      EnvironmentVariables: {
        HEARTHCAST_INSTALL: '/opt/app',
        HEARTHCAST_CONFIG: '/etc/agent.toml',
        HEARTHCAST_VERSIONS: '/var/data/versions',
        PATH: '/opt/homebrew/bin:/usr/local/bin:/usr/bin:/bin',
      },
      ProgramArguments: ['/opt/node', '/opt/app/launcher.mjs'],
      RunAtLoad: true,
      KeepAlive: true,
      ThrottleInterval: 5,
    });
  });

  it('of systemd has nothing left to fill in, and each line is a section, a setting or a comment', () => {
    const unit = filled(template('hearthcast-agent.service'));
    expect(unit).not.toContain('%');
    for (const line of unit.trimEnd().split('\n'))
      expect(line).toMatch(/^(\[(Unit|Service|Install)\]|[A-Z]\w+=.*|#.*|)$/);
  });
});

describe('install.ps1', () => {
  it('is sound PowerShell, with all that its build and the edge fill in', async () => {
    const resolve = createRequire(import.meta.url).resolve;
    await Parser.init();
    const parser = new Parser();
    parser.setLanguage(await Language.load(resolve('tree-sitter-powershell/tree-sitter-powershell.wasm')));
    const script = installScripts()
      ['install.ps1'].replaceAll('@EDGE@', 'https://films.example')
      .replaceAll('@RELEASE_KEY@', 'key');
    const tree = parser.parse(script);
    expect(faults(tree?.rootNode ?? null)).toEqual([]);
    // That the grammar sees a mistake at all.
    expect(faults(parser.parse(`${script}\nif ($true) {`)?.rootNode ?? null)).not.toEqual([]);
  });
});

function faults(node: Node | null): string[] {
  if (!node) return ['nothing'];
  if (node.isError || node.isMissing) return [`line ${node.startPosition.row + 1}: ${node.text.slice(0, 80)}`];
  return node.children.flatMap((child) => (child?.hasError || child?.isMissing ? faults(child) : []));
}
