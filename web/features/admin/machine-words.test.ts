import { expect, it } from 'vitest';
import { backgroundWords, sessionsLeft, viewersWords } from './machine-words.ts';

it.each([
  [0, [], 'Nobody now'],
  [2, [], '2 sessions'],
  [0, [{ machine: 'desk', sessions: 1 }], 'Lends its disks: 1 session through desk'],
  [1, [{ machine: 'desk', sessions: 2 }], '1 session, lends for 2 sessions through desk'],
])('says whom a machine serves: %i of its own, lends to %j', (sessions, lendsNow, words) => {
  expect(viewersWords({ sessions, lendsNow })).toBe(words);
});

it('counts what reads its disks among what has to go over', () => {
  const lendsNow = [
    { machine: 'desk', sessions: 2 },
    { machine: 'attic', sessions: 1 },
  ];
  expect(sessionsLeft({ sessions: 1, lendsNow })).toBe(4);
});

it('says what a machine does in the background, also what a later one does', () => {
  expect(backgroundWords([])).toBeNull();
  expect(backgroundWords(['previews'])).toBe('Makes previews');
  expect(backgroundWords(['previews', 'subtitles'])).toBe('Makes previews and reads subtitles');
  expect(backgroundWords(['intro-analysis', 'versions'])).toBe('Prepares films');
});
