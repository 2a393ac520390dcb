import type { SyncTarget } from './sync-target.ts';

const ANSWER_TIMEOUT_MS = 30_000;

/** What the edge answered to a body; rejects when nothing came back. */
export async function post(
  { edge, token }: SyncTarget,
  path: string,
  body: unknown,
  signal: AbortSignal,
): Promise<{ ok: boolean; status: number; text: string }> {
  const response = await fetch(new URL(path, edge), {
    method: 'POST',
    headers: { authorization: `Bearer ${await token()}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_TIMEOUT_MS)]),
  });
  return { ok: response.ok, status: response.status, text: await response.text() };
}
