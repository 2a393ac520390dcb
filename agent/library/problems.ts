import type { Claim } from '../../shared/protocol/sync.ts';

export type ProblemCode = Extract<Claim, { state: 'problem' }>['code'];

/** Why a file or folder cannot be served. */
export interface Problem {
  code: ProblemCode;
  /** A sentence for the owner: what is wrong, and where it helps what to do. */
  detail: string;
}

export const EMPTY: Problem = { code: 'empty', detail: 'It has no content (0 bytes).' };
export const VANISHED: Problem = { code: 'vanished', detail: 'It went away while it was being read.' };
export const CUT_OFF: Problem = {
  code: 'truncated',
  detail: 'It breaks off: a copy or a download that did not finish.',
};
export const NOT_MEDIA: Problem = { code: 'not-media', detail: 'It is named like a film, but it is none.' };

export function unreadableFolder(code: string | null): Problem {
  const detail = `The folder cannot be read (${code ?? 'unknown error'}): let the user that runs the agent read it.`;
  return { code: 'unreadable', detail };
}

/** Problems of the moment: the next scan looks again, though the file seems the same. */
export const PASSING: ReadonlySet<string> = new Set<ProblemCode>(['unreadable', 'vanished', 'probe-timeout']);
