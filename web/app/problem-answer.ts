import { HearthcastError, Problem } from '../../shared/errors.ts';

/** The server did not answer at all: no network, or the server is down. */
export class Unreachable extends Error {
  constructor(cause: unknown) {
    super('Hearthcast cannot be reached. Check your connection, then try again.', { cause });
    this.name = 'Unreachable';
  }
}

/** The error that a failed answer stands for; answers that are no problem details become `internal`. */
export async function problemOf(response: Response): Promise<HearthcastError> {
  const body: unknown = await response.json().catch(() => null);
  const problem = Problem.safeParse(body);
  if (problem.success) return new HearthcastError(problem.data.code, problem.data.detail);
  if (response.status === 401) return new HearthcastError('unauthenticated');
  if (response.status === 404) return new HearthcastError('not-found');
  if (response.status === 410) return new HearthcastError('gone');
  if (response.status === 429) return new HearthcastError('rate-limited', 'Too many requests. Wait a moment.');
  return new HearthcastError('internal', `The server answered with status ${response.status}.`);
}

/** A sentence for a person, of any thrown value. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'Something went wrong.';
}

/** Whether trying the same again can help. */
export function canRetry(error: unknown): boolean {
  return error instanceof HearthcastError ? error.shouldRetry() : true;
}
