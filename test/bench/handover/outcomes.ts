import type { Fault } from '../../e2e/faults.ts';
import { type Measure, median } from '../measures.ts';
import type { Aftermath } from './aftermath.ts';

/** What came of one fault. */
export interface Outcome extends Aftermath {
  kind: Fault['kind'];
  /** From the request that met the fault to the bytes of its answer. */
  replacedMs: number;
  stalledMs: number;
  moves: number;
  /** The picture's second is not the player's. */
  wrongPicture: boolean;
  /** How far what the edge knows of the place lies behind where the film was when the fault came. */
  lostS: number;
}

/** What is true of the whole run. */
export interface Ending extends Aftermath {
  /** Seconds between where the film was when its page was left, and where it would go on. */
  lostS: number;
  /** Faults after which the film stood. */
  stuck: number;
  /** Faults for which there was no time left. */
  leftOut: number;
}

export function measuresOf(outcomes: readonly Outcome[], ending: Ending): Measure[] {
  const stalled = outcomes.map(({ stalledMs }) => stalledMs / 1000);
  const all = [...outcomes, ending];
  const most = (values: readonly number[]) => Math.max(0, ...values);
  return [
    { name: 'faults', value: outcomes.length, unit: '' },
    ...times(outcomes, 'closed_socket', 'closed', '< 2'),
    ...times(outcomes, 'silence', 'silent', '< 5'),
    ...times(outcomes, 'edge_away', 'edge'),
    { name: 'stalls', value: stalled.filter((seconds) => seconds > 0).length, unit: 'of all', goal: '<= 0' },
    { name: 'stall_longest', value: most(stalled), unit: 's' },
    { name: 'moves_for_one_fault', value: most(outcomes.map(({ moves }) => moves)), unit: '', goal: '<= 1' },
    {
      name: 'wrong_pictures',
      value: outcomes.filter(({ wrongPicture }) => wrongPicture).length,
      unit: 'of all',
      goal: '<= 0',
    },
    { name: 'faults_stuck', value: ending.stuck, unit: '', goal: '<= 0' },
    { name: 'faults_left_out', value: ending.leftOut, unit: '', goal: '<= 0' },
    { name: 'progress_lost', value: most(all.map(({ lostS }) => lostS)), unit: 's', goal: '<= 1' },
    { name: 'processes_left', value: most(all.map(({ processes }) => processes)), unit: '', goal: '<= 0' },
    { name: 'slots_held', value: most(all.map(({ slots }) => slots)), unit: '', goal: '<= 0' },
    { name: 'sessions_left', value: most(all.map(({ sessions }) => sessions)), unit: '', goal: '<= 0' },
  ];
}

function times(outcomes: readonly Outcome[], name: string, kind: Fault['kind'], goal?: string): Measure[] {
  const all = outcomes.filter((outcome) => outcome.kind === kind).map(({ replacedMs }) => replacedMs / 1000);
  if (all.length === 0) return [];
  const of = { unit: 's', ...(goal === undefined ? {} : { goal }) };
  return [
    { name: `${name}_median`, value: median(all), unit: 's' },
    { name: `${name}_worst`, value: Math.max(...all), ...of },
  ];
}
