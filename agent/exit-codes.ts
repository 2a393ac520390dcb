import { RESTART_EXIT } from './update/restart-exit.ts';

/** What the agent's process ends with. */
export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  /** It is not enrolled, or was removed: a person must act, starting it again changes nothing. */
  'not-enrolled': 3,
  /** Another process runs with the same identity or data folder. */
  replaced: 4,
  /** To be started again at once, perhaps as another version. */
  restart: RESTART_EXIT,
} as const;

/** A failure with a sentence for a person; nothing else of it is printed. */
export class AgentError extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode: number = EXIT.failed, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'AgentError';
    this.exitCode = exitCode;
  }
}
