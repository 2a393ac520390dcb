import { UsageError } from './options.ts';

/** Whether the deployment still waits for its owner. */
export async function setupRequired(url: string): Promise<boolean> {
  const answer = await fetch(`${url}/api/v1/server`);
  if (!answer.ok) throw new Error(`the edge answered ${answer.status}: see edge.log in the data folder`);
  return ((await answer.json()) as { setupRequired: boolean }).setupRequired;
}

/** Makes the owner's account as the web app's form does. */
export async function createOwner(
  url: string,
  setupCode: string,
  owner: { username: string; password: string },
): Promise<void> {
  const answer = await fetch(`${url}/api/v1/auth/setup`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ setupCode, ...owner }),
  });
  if (answer.ok) return;
  const problem = (await answer.json().catch(() => ({}))) as { title?: string; detail?: string };
  throw new UsageError(
    `the owner ${owner.username} could not be made: ${problem.detail ?? problem.title ?? answer.status}`,
  );
}
