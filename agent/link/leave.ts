import { LEAVE_PATH } from '../../shared/protocol/enrolment.ts';
import type { Identity } from './identity.ts';
import { TokenSource } from './token.ts';

const LEAVE_TIMEOUT_MS = 20_000;

/**
 * Takes this machine out of its deployment [EN5]. Resolves when the edge does not know it any more. Rejects with a
 * sentence where no edge said so.
 */
export async function leaveEdge(identity: Identity): Promise<void> {
  const signal = AbortSignal.timeout(LEAVE_TIMEOUT_MS);
  const { edge } = identity;
  let answer: Response;
  try {
    const token = await new TokenSource(edge, identity).token(signal);
    answer = await fetch(edge + LEAVE_PATH, { method: 'POST', headers: { authorization: `Bearer ${token}` }, signal });
    await answer.body?.cancel();
  } catch (cause) {
    throw new Error(`${edge} did not answer`, { cause });
  }
  // 401: it was removed there before.
  if (!answer.ok && answer.status !== 401) throw new Error(`${edge} answered ${answer.status}`);
}
