import { expect, it } from 'vitest';
import { SESSION_EVENTS, SESSION_STATES, type SessionEvent, type SessionState, TRANSITIONS } from './session-states.ts';

/** Every change there is; all that is not named changes nothing. */
const CHANGES: [SessionState, SessionEvent, SessionState][] = [
  ['opening', 'opened', 'playing'],
  ['opening', 'refused', 'ended'],
  ['opening', 'stop', 'ended'],
  ['opening', 'expired', 'ended'],
  ['playing', 'failed', 'moving'],
  ['playing', 'rested', 'resting'],
  ['playing', 'lost', 'lost'],
  ['playing', 'handed', 'playing'],
  ['playing', 'stop', 'ended'],
  ['playing', 'expired', 'ended'],
  ['resting', 'failed', 'moving'],
  ['resting', 'back', 'playing'],
  ['resting', 'stop', 'ended'],
  ['resting', 'expired', 'ended'],
  ['lost', 'failed', 'moving'],
  ['lost', 'back', 'playing'],
  ['lost', 'stop', 'ended'],
  ['lost', 'expired', 'ended'],
  ['moving', 'moved', 'playing'],
  ['moving', 'stranded', 'lost'],
  ['moving', 'stop', 'ended'],
  ['moving', 'expired', 'ended'],
];

const ALL = SESSION_STATES.flatMap((state) =>
  SESSION_EVENTS.map((event) => {
    const change = CHANGES.find(([from, on]) => from === state && on === event);
    return [state, event, change?.[2] ?? null] as const;
  }),
);

it.each(ALL)('a session that is %s takes "%s" to %s', (state, event, next) => {
  expect(TRANSITIONS[state][event]).toBe(next);
});
