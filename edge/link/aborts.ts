import type { ErrorCode } from '../../shared/errors.ts';
import type { FailureClass } from '../../shared/protocol/resources.ts';

/** Why a request to an agent failed, as the rest of the edge acts on it. */
export interface Failure {
  class: FailureClass;
  code: ErrorCode;
  detail: string;
}

/** Every way in which the edge itself ends a request to an agent. Also the labels of the metric. */
const ABORTS = {
  /** There is no socket. */
  offline: { class: 'liveness', code: 'agent-offline', detail: 'The agent is not connected' },
  'socket-closed': { class: 'liveness', code: 'agent-offline', detail: 'The agent went away' },
  /** No sign of work on this request for three seconds. */
  silence: { class: 'liveness', code: 'agent-timeout', detail: 'The agent fell silent' },
  /** It works, and takes too long. */
  deadline: { class: 'capacity', code: 'agent-timeout', detail: 'The agent took too long' },
  'next-part': { class: 'liveness', code: 'agent-timeout', detail: 'The next part did not come' },
  /** No byte moved for a minute: the viewer paused, and asks again by range. */
  stalled: { class: 'capacity', code: 'agent-timeout', detail: 'No byte moved for a minute' },
  /** The PUT broke off, or carried what it may not. */
  'broken-put': { class: 'liveness', code: 'agent-failed', detail: 'The agent broke off' },
  'bad-answer': { class: 'content', code: 'agent-failed', detail: 'The agent answered what was not asked' },
  /** The agent is of a release that came before this kind of bytes. */
  'unknown-kind': {
    class: 'content',
    code: 'not-found',
    detail: 'The agent is of an older release and has no such thing',
  },
  'viewer-left': { class: 'session', code: 'gone', detail: 'The viewer left' },
  'too-many': { class: 'capacity', code: 'rate-limited', detail: 'Too many requests at once' },
  /** The same session asked for more than it may, and this was its oldest request without an answer. */
  superseded: { class: 'capacity', code: 'rate-limited', detail: 'A newer request of the session took its place' },
  /** It has moved to another agent, or ended. */
  'session-over': { class: 'session', code: 'session-ended', detail: 'The session is not on this agent any more' },
  removed: { class: 'session', code: 'agent-offline', detail: 'The agent was removed' },
} as const satisfies Record<string, Failure>;

export type Abort = keyof typeof ABORTS;
export const ABORT_REASONS = Object.keys(ABORTS) as Abort[];

/** What an abort means to whoever asked. */
export function failureOf(abort: Abort): Failure {
  return ABORTS[abort];
}
