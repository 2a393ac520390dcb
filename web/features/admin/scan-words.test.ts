import { expect, test } from 'vitest';
import type { ScanRun } from '../../../shared/api/scans.ts';
import { countWords, runLength, triggerWords, watchWords } from './scan-words.ts';

test('says who or what began a scan', () => {
  expect(triggerWords({ trigger: 'hand', askedBy: 'Ann', full: true })).toBe('Asked for by Ann, full');
  expect(triggerWords({ trigger: 'webhook', askedBy: 'Sonarr', full: false })).toBe('Webhook “Sonarr”');
  expect(triggerWords({ trigger: 'timer', askedBy: null, full: false })).toBe('It was time');
});

test('counts what there is', () => {
  const none = { total: null, done: 1, read: 0, removed: 0, held: 0, problems: 0 } as ScanRun;
  expect(countWords(none)).toBe('1 file');
  expect(countWords({ ...none, total: 1204, read: 12, removed: 3, held: 60, problems: 1 })).toBe(
    '1,204 files, 12 read, 3 removed, 60 missing, 1 problem',
  );
});

test('a scan that runs has taken as long as it runs', () => {
  expect(runLength({ startedAt: 1000, endedAt: 66_000 }, 0)).toBe('1 min');
  expect(runLength({ startedAt: 1000, endedAt: null }, 13_000)).toBe('12 s');
  expect(runLength({ startedAt: 5000, endedAt: null }, 0)).toBe('0 s');
});

test('says where changes are not seen at once, and nothing where they are', () => {
  expect(watchWords({ watch: 'ok', state: 'ok' })).toBeNull();
  expect(watchWords({ watch: null, state: 'ok' })).toBeNull();
  expect(watchWords({ watch: 'polling', state: 'ok' })).toContain('network share');
  expect(watchWords({ watch: 'failed', state: 'ok' })).toContain('cannot be watched');
  expect(watchWords({ watch: 'ok', state: 'offline' })).toContain('mounted');
});
