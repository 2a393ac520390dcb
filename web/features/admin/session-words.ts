import type { ActiveSession } from '../../../shared/api/playback.ts';
import { bitrate as bitsWords } from '../../ui/format.ts';
import { reasonWords } from '../player/plan-words.ts';

const BECAUSE: Readonly<Record<ActiveSession['because'], string>> = {
  'only-one': 'It is the only one that can play this',
  online: 'The others are offline',
  mode: 'It needs the least conversion there',
  'free-slot': 'It has a free slot',
  'same-network': 'It is on the viewer’s network',
  uplink: 'Its line has the most room',
  hardware: 'It converts in hardware',
  'own-file': 'It has the file itself',
  picture: 'It has the better picture',
  load: 'It is the least busy',
  first: 'It holds the oldest copy',
};

const STATES: Readonly<Partial<Record<ActiveSession['state'], string>>> = {
  opening: 'being opened',
  resting: 'paused, no machine works for it',
  lost: 'waiting for its machine',
  moving: 'going over to another machine',
};

const SHOWN = { playing: undefined, paused: 'paused', buffering: 'waiting for its picture' } as const;

/** What admins read of a session, line by line: how it goes, by which way it comes, why so, and what it costs. */
export function sessionLines(session: ActiveSession): { label: string; words: string }[] {
  const { because, bitrate, direct, keeps, load, moves, readsFrom, reasons, remote, shown, state } = session;
  const slots = load.slotsTotal === 0 ? undefined : `${load.slotsUsed} of ${load.slotsTotal} slots taken`;
  const lines: [label: string, ...parts: (string | undefined)[]][] = [
    [
      'Now',
      STATES[state] ?? (shown ? SHOWN[shown.state] : undefined),
      shown?.bufferedMs == null ? undefined : `${Math.round(shown.bufferedMs / 1000)} s ahead`,
      shown?.bitrate == null ? undefined : bitsWords(shown.bitrate),
      bitrate === null || keeps ? undefined : `${bitsWords(bitrate)} at most`,
    ],
    [
      'Way',
      direct
        ? `straight from the machine${direct.address ? ` (${new URL(direct.address).host})` : ''}`
        : 'through the server',
      remote ? 'away from home' : undefined,
      readsFrom ? `the file is on ${readsFrom}` : undefined,
    ],
    ['Converted', ...reasons.map((reason) => reasonWords(reason).replace(/\.$/, ''))],
    ['Why there', BECAUSE[because]],
    [
      'Machine',
      `${load.sessions} watching`,
      slots,
      moves === 0 ? undefined : moves === 1 ? 'this one moved once' : `this one moved ${moves} times`,
    ],
  ];
  return lines.flatMap(([label, ...parts]) => {
    const words = parts.filter((part) => part !== undefined).join(' · ');
    return words === '' ? [] : [{ label, words: words.charAt(0).toUpperCase() + words.slice(1) }];
  });
}
