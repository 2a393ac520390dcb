import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Versions } from './versions.ts';

const NOW = '2026-06-01T03:00:00.000Z';
let folder: string;
let versions: Versions;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearthcast-versions-'));
  versions = new Versions(folder);
  for (const version of ['1.0.0', '1.1.0']) versions.store(version, { 'agent.mjs': Buffer.from(version) });
  versions.setCurrent('1.0.0');
});
afterEach(() => rmSync(folder, { recursive: true }));

test('a version on trial is current, and stays when it has come up', () => {
  versions.begin('1.1.0');
  expect(versions.current()).toBe('1.1.0');
  expect(versions.state().trial).toMatchObject({ version: '1.1.0', from: '1.0.0' });
  versions.markHealthy('1.1.0');
  expect(versions.healthy('1.1.0')).toBe(true);
  expect(versions.healthy('1.0.0')).toBe(false);
  versions.accept(NOW);
  expect(versions.state()).toEqual({
    trial: null,
    refused: [],
    previous: '1.0.0',
    last: { what: 'updated', version: '1.1.0', from: '1.0.0', at: NOW },
  });
});

test('one that has not come up goes, and is not taken again by itself', () => {
  versions.begin('1.1.0');
  versions.accept(NOW);
  versions.store('1.2.0', { 'agent.mjs': Buffer.from('broken') });
  versions.begin('1.2.0');
  versions.goBack(NOW);
  expect(versions.current()).toBe('1.1.0');
  expect(versions.state()).toMatchObject({ trial: null, refused: ['1.2.0'], previous: '1.0.0' });
  expect(versions.all().sort()).toEqual(['1.0.0', '1.1.0']);
});

test('only the current version and the one before it take room', () => {
  versions.begin('1.1.0');
  versions.accept(NOW);
  versions.store('1.2.0', { 'agent.mjs': Buffer.from('newest') });
  versions.begin('1.2.0');
  versions.accept(NOW);
  expect(versions.all().sort()).toEqual(['1.1.0', '1.2.0']);
});

test('a state that a crash cut off is none', () => {
  versions.setState({ previous: '1.0.0' });
  rmSync(join(folder, 'state.json'));
  expect(versions.state().previous).toBeNull();
});
