import type { Logger } from 'pino';
import type { CallParams } from '../../shared/protocol/calls.ts';
import type { EdgeFrame } from '../../shared/protocol/frames.ts';
import type { LinkHandlers } from './handlers.ts';

/** Acts on what a welcome says to the rest of the agent: what has ended, its keys, and its settings. */
export function takeWelcome(
  { close, now, direct, readKey, rescanMinutes, updates }: Extract<EdgeFrame, { type: 'welcome' }>,
  { handlers, log, signal }: { handlers: LinkHandlers; log: Logger; signal: AbortSignal },
): void {
  /** What the edge would have called while this agent was away. */
  const call = <M extends 'session.close' | 'library.settings' | 'agent.settings'>(method: M, params: CallParams<M>) =>
    void handlers
      .call(method, params, signal)
      .catch((error: unknown) => log.warn({ err: error, method }, 'a word of the welcome was not taken over'));
  // What has ended is closed before the direct way is good again.
  for (const { id: session, generation } of close) call('session.close', { session, generation });
  handlers.linked?.({ now, directKey: direct?.key ?? null, readKey: readKey ?? null });
  if (rescanMinutes) call('library.settings', { rescanMinutes });
  if (updates) call('agent.settings', { updates });
}
