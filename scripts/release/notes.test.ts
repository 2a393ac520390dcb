import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectVersion } from '../build/agent.ts';
import { PROJECT } from '../build/paths.ts';
import { notesOf } from './notes.ts';

const LOG =
  '# Changelog\n\n## Unreleased\n\n- later\n\n## 1.1.0 — 2026-01-02\n\n### Added\n- this\n\n## 1.1.00\n\n- no\n';

test('the notes of a release are its own part of the changelog', () => {
  expect(notesOf(LOG, '1.1.0')).toBe('### Added\n- this');
  expect(notesOf(LOG, 'Unreleased')).toBe('- later');
  expect(notesOf(LOG, '1.1.00')).toBe('- no');
  expect(notesOf(LOG, '1.1')).toBeNull();
});

test('the changelog tells of the version of package.json', () => {
  expect(notesOf(readFileSync(join(PROJECT, 'CHANGELOG.md'), 'utf8'), projectVersion())).toContain('###');
});
