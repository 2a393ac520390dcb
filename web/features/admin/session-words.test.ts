import { expect, it } from 'vitest';
import type { ActiveSession } from '../../../shared/api/playback.ts';
import { sessionLines } from './session-words.ts';

const SESSION: ActiveSession = {
  ...{ id: 'ses_1', user: 'Kim', itemId: '7', title: 'Cedar', agent: 'desk', readsFrom: 'storage', mode: 'transcode' },
  reasons: [],
  ...{ bitrate: 4_000_000, shown: { state: 'playing', bufferedMs: 42_300, bitrate: 1_300_000 }, device: 'Chrome' },
  ...{ keeps: false, remote: true, direct: null, because: 'free-slot', state: 'playing' },
  load: { sessions: 1, slotsUsed: 1, slotsTotal: 2 },
  ...{ moves: 1, positionMs: 80_000, startedAt: 0 },
};

it('says of a session how it goes, by which way it comes, why so and what it costs', () => {
  expect(sessionLines(SESSION)).toEqual([
    { label: 'Now', words: '42 s ahead · 1.3 Mb/s · 4.0 Mb/s at most' },
    { label: 'Way', words: 'Through the server · away from home · the file is on storage' },
    { label: 'Why there', words: 'It has a free slot' },
    { label: 'Machine', words: '1 watching · 1 of 2 slots taken · this one moved once' },
  ]);
});

it('says what is the matter before anything else, and nothing of what is not known', () => {
  const rests: ActiveSession = {
    ...SESSION,
    ...{ state: 'resting', shown: null, bitrate: null, readsFrom: null, remote: false, moves: 0 },
    direct: { address: 'http://192.168.1.5:8788' },
    load: { sessions: 0, slotsUsed: 0, slotsTotal: 0 },
  };
  expect(sessionLines(rests)).toEqual([
    { label: 'Now', words: 'Paused, no machine works for it' },
    { label: 'Way', words: 'Straight from the machine (192.168.1.5:8788)' },
    { label: 'Why there', words: 'It has a free slot' },
    { label: 'Machine', words: '0 watching' },
  ]);
});
