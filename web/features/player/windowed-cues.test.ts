import { expect, it } from 'vitest';
import type { VttCue } from '../../../shared/media/web-vtt.ts';
import { WindowedCues } from './windowed-cues.ts';

const cue = (start: number, text: string): VttCue => ({ start, end: start + 10, settings: '', text });
const settled = () => new Promise((resolve) => setTimeout(resolve));

function stage() {
  const asked: number[] = [];
  const added: string[] = [];
  const state = { now: 0, broken: false };
  const cues = new WindowedCues({
    async fetch(window) {
      asked.push(window);
      if (state.broken) throw new Error('away');
      return [cue(window * 60, `in ${window}`), cue(55, 'over the edge')];
    },
    add: (fresh) => added.push(...fresh.map(({ text }) => text)),
    now: () => state.now,
  });
  return { cues, asked, added, state };
}

it('windows are fetched once, the next one before the film comes to it', async () => {
  const { cues, asked, added } = stage();
  for (const at of [0, 1, 29, 31, 59, 61, 62]) cues.at(at);
  await settled();
  expect(asked).toEqual([0, 1]);
  expect(added.filter((text) => text === 'over the edge')).toHaveLength(1);
  cues.at(3_000);
  await settled();
  expect(asked).toEqual([0, 1, 50]);
  cues.at(-20);
  expect(asked).toHaveLength(3);
});

it('a window that did not come is asked for again, in peace', async () => {
  const { cues, asked, added, state } = stage();
  state.broken = true;
  cues.at(0);
  await settled();
  cues.at(1);
  await settled();
  expect(asked).toEqual([0]);
  state.now = 6_000;
  state.broken = false;
  cues.at(6);
  await settled();
  expect(asked).toEqual([0, 0]);
  expect(added).toContain('in 0');
});
