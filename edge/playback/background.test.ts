import { describe, expect, it } from 'vitest';
import type { LeaveRefusal } from '../../shared/protocol/background.ts';
import {
  type Grant,
  type Household,
  judgeLeave,
  LEAVE_MS,
  liveGrants,
  MAX_GRANTS,
  returned,
  takenBack,
} from './background.ts';
import { PLACE_LIFE_MS, type Place } from './queue.ts';
import type { SessionState } from './session-states.ts';

const NOW = 1_000_000;
const PREVIEWS = { kind: 'previews', fingerprint: 'a'.repeat(32) };
const QUIET: Household = { agents: [], places: [], sessions: [] };

const place = (agentIds: string[], more: Partial<Place> = {}): Place => ({
  ...{ key: 'k', userId: 1, itemId: 2, agentIds, since: NOW, seenAt: NOW },
  ...more,
});
const session = (agentId: string, state: SessionState, from?: string) => ({
  agentId,
  state,
  source: from === undefined ? undefined : { agentId: from, agentName: from },
});
const grant = (agentId: string, more: Partial<Grant> = {}): Grant => ({
  ...{ agentId, work: PREVIEWS, until: NOW + 1 },
  ...more,
});

/** What the household does, and what machine `nas` hears for it; null is leave. */
const ROWS: [string, Partial<Household>, LeaveRefusal | null][] = [
  ['nobody is there', {}, null],
  ['somebody waits for it', { places: [place(['desk', 'nas'])] }, 'viewer-waits'],
  [
    'somebody waits for a machine that reads its disks',
    { places: [place(['desk'], { lenderIds: ['nas'] })] },
    'viewer-waits',
  ],
  ['somebody waits for other machines', { places: [place(['desk'], { lenderIds: ['attic'] })] }, null],
  ['somebody has stopped waiting', { places: [place(['nas'], { seenAt: NOW - PLACE_LIFE_MS })] }, null],
  ['a place of an older release', { places: [place(['desk'])] }, null],
  ['it plays', { sessions: [session('nas', 'playing')] }, 'viewer-watches'],
  ['it is about to', { sessions: [session('nas', 'opening')] }, 'viewer-watches'],
  ['its session goes over', { sessions: [session('nas', 'moving')] }, 'viewer-watches'],
  ['another one reads its disks', { sessions: [session('desk', 'playing', 'nas')] }, 'viewer-watches'],
  ['its session rests', { sessions: [session('nas', 'resting')] }, null],
  ['its session was lost', { sessions: [session('nas', 'lost')] }, null],
  ['others play', { sessions: [session('desk', 'playing', 'attic')] }, null],
  ['it is to be stopped', { agents: [{ agentId: 'nas', draining: true }] }, 'draining'],
  ['another one is to be stopped', { agents: [{ agentId: 'desk', draining: true }] }, null],
];

describe('leave for background work', () => {
  it.each(ROWS)('[BG2] while %s', (_, household, because) => {
    const { leave, grants } = judgeLeave([], { ...QUIET, ...household }, { agentId: 'nas', work: PREVIEWS }, NOW);
    expect(leave).toEqual(because ? { may: false, because } : { may: true, forMs: LEAVE_MS });
    expect(grants).toEqual(because ? [] : [grant('nas', { until: NOW + LEAVE_MS })]);
  });

  it.each(ROWS)('[BG4] what is being done while %s', (_, household, because) => {
    const mine = grant('nas');
    const result = takenBack([mine], { ...QUIET, ...household }, NOW);
    expect(result).toEqual(because ? { back: [{ grant: mine, because }], grants: [] } : { back: [], grants: [mine] });
  });

  it('[BG2] two machines are not at the same work at once; at another one they are', () => {
    const ask = (work: typeof PREVIEWS) => judgeLeave([grant('desk')], QUIET, { agentId: 'nas', work }, NOW).leave;
    expect(ask(PREVIEWS)).toEqual({ may: false, because: 'same-work' });
    expect(ask({ ...PREVIEWS, kind: 'subtitles' })).toMatchObject({ may: true });
    expect(ask({ ...PREVIEWS, fingerprint: 'b'.repeat(32) })).toMatchObject({ may: true });
  });

  it('[BG3] asked again it goes on, and counts once; refused it is known no more', () => {
    const again = judgeLeave([grant('nas')], QUIET, { agentId: 'nas', work: PREVIEWS }, NOW);
    expect(again.grants).toEqual([grant('nas', { until: NOW + LEAVE_MS })]);
    const busy = { ...QUIET, sessions: [session('nas', 'playing')] };
    expect(judgeLeave([grant('nas')], busy, { agentId: 'nas', work: PREVIEWS }, NOW).grants).toEqual([]);
  });

  it('[BG3] what was not renewed in time is nobody’s any more', () => {
    const late = NOW + LEAVE_MS;
    expect(liveGrants([grant('desk', { until: late })], late)).toEqual([]);
    expect(judgeLeave([grant('desk')], QUIET, { agentId: 'nas', work: PREVIEWS }, late).leave).toMatchObject({
      may: true,
    });
    expect(takenBack([grant('desk')], { ...QUIET, places: [place(['desk'])] }, late)).toEqual({ back: [], grants: [] });
  });

  it('[BG3] what is given back another machine may do; given back twice it is no other’s', () => {
    const left = returned([grant('nas'), grant('desk')], { agentId: 'nas', work: PREVIEWS }, NOW);
    expect(left).toEqual([grant('desk')]);
    expect(returned(left, { agentId: 'nas', work: PREVIEWS }, NOW)).toEqual([grant('desk')]);
  });

  it('keeps account of so many and no more', () => {
    const many = Array.from({ length: MAX_GRANTS }, (_, n) =>
      grant(`agent ${n}`, { work: { ...PREVIEWS, kind: 'x' } }),
    );
    const { leave, grants } = judgeLeave(many, QUIET, { agentId: 'nas', work: PREVIEWS }, NOW);
    expect(leave).toEqual({ may: false, because: 'too-many' });
    expect(grants).toHaveLength(MAX_GRANTS);
  });
});
