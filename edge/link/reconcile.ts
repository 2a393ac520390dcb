import type { OpenSession } from '../../shared/protocol/capabilities.ts';

/** Sessions asked about at once, and the longest wait for one: a hello is answered within a second as a rule. */
const CONCURRENT = 16;
const WAIT_MS = 2_000;

/**
 * Of the sessions that an agent has open, those that it must close because they moved or ended. One that
 * cannot be asked about is kept: its lease ends it if nobody watches.
 */
export async function sessionsToClose(
  sessions: readonly OpenSession[],
  owns: (session: OpenSession) => Promise<boolean>,
): Promise<OpenSession[]> {
  const close: OpenSession[] = [];
  const queue = [...sessions];
  const worker = async () => {
    for (let session = queue.shift(); session; session = queue.shift()) {
      if (!(await keeps(session, owns))) close.push(session);
    }
  };
  await Promise.all(Array.from({ length: Math.min(CONCURRENT, sessions.length) }, worker));
  return close;
}

async function keeps(session: OpenSession, owns: (session: OpenSession) => Promise<boolean>): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(true), WAIT_MS);
  });
  try {
    return await Promise.race([owns(session), late]);
  } catch {
    return true;
  } finally {
    clearTimeout(timer);
  }
}
