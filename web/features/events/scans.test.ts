import { describe, expect, it } from 'vitest';
import type { Library, ScanStatus } from '../../../shared/api/libraries.ts';
import { runningScans, scanFraction, scanWords } from './scans.ts';

const scan = (phase: ScanStatus['phase'], done = 0, total: number | null = null): ScanStatus => ({
  phase,
  done,
  total,
  problems: 0,
  message: null,
});

const library = (phase: ScanStatus['phase'], online = true): Library => ({
  id: '1',
  name: 'Films',
  items: 0,
  more: false,
  problems: 0,
  rescanMinutes: null,
  roots: [
    {
      id: 'films-x1',
      name: 'Films',
      state: 'ok',
      watch: 'ok',
      agent: { id: 'agt', name: 'Attic', online },
      site: { id: '1', name: 'Home' },
      scan: scan(phase, 10, 20),
    },
  ],
});

describe('running scans', () => {
  it('take the live word before the one that was read', () => {
    const live = new Map([['agt/films-x1', scan('probing', 15, 20)]]);
    expect(runningScans([library('walking')], live)[0]?.scan.done).toBe(15);
    expect(runningScans([library('walking')], new Map([['agt/films-x1', scan('done')]]))).toEqual([]);
  });

  it('of a machine that is offline do not run', () => {
    expect(runningScans([library('probing', false)], new Map())).toEqual([]);
  });
});

describe('how far scans are', () => {
  it('is known together once all have counted their files', () => {
    const [one] = runningScans([library('probing')], new Map());
    if (one === undefined) throw new Error('no scan');
    expect(scanFraction([one, { ...one, scan: scan('probing', 20, 20) }])).toBe(0.75);
    expect(scanFraction([one, { ...one, scan: scan('walking', 3) }])).toBeNull();
    expect(scanFraction([])).toBeNull();
  });

  it('is said in words for each phase', () => {
    expect(scanWords(scan('walking', 1200))).toBe('Looking through the folders: 1,200 files so far');
    expect(scanWords(scan('probing', 3, 9))).toBe('Reading files: 3 of 9');
    expect(scanWords({ ...scan('failed'), message: 'The disk is gone' })).toBe('The disk is gone');
  });
});
