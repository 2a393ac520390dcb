import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const PROJECT = join(import.meta.dirname, '../..');
const document = readFileSync(join(PROJECT, 'docs/security.md'), 'utf8').replaceAll(/\n(?!\n|[-|#])\s*/g, ' ');

const files = new Map<string, string>();
for (const path of globSync('{edge,agent,shared,scripts,web,test}/**/*.test.ts', { cwd: PROJECT })) {
  files.set(basename(path), (files.get(basename(path)) ?? '') + readFileSync(join(PROJECT, path), 'utf8'));
}

/** Each test that the document names, with the file named last before it. */
const claims: [file: string, name: string | null][] = [];
for (const paragraph of document.split('\n')) {
  let file: string | null = null;
  for (const [, named, quoted] of paragraph.matchAll(/`([\w-]+\.test\.ts)`|“([^”]+)”/g)) {
    if (named) {
      file = named;
      claims.push([named, null]);
    } else if (quoted && file) claims.push([file, quoted]);
  }
}

describe('each claim of docs/security.md', () => {
  it('names its test, threat by threat', () => {
    const threats = (document.split('## Threats')[1]?.split('## ')[0] ?? '')
      .split('\n')
      .filter((line) => line.includes('**'));
    expect(threats.length).toBeGreaterThan(12);
    for (const threat of threats) expect(threat).toMatch(/`[\w-]+\.test\.ts`/);
    expect(claims.length).toBeGreaterThan(70);
  });

  it.each(claims.map(([file, name]) => [file, name ?? 'the file'] as const))('has its test: %s, %s', (file, name) => {
    const text = files.get(file);
    expect(text, file).toBeDefined();
    if (name !== 'the file') expect(text).toContain(name);
  });
});
