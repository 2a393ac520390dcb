import { z } from 'zod';
import { SignedIn } from '../../shared/api/auth.ts';
import { Enrolment } from '../../shared/api/fleet.ts';
import { ItemPage } from '../../shared/api/items.ts';
import { LibraryMade } from '../../shared/api/libraries.ts';
import { PlayAnswer } from '../../shared/api/playback.ts';
import { Problem } from '../../shared/errors.ts';
import { UsageError } from '../local/options.ts';
import { PLAYER } from './made-up-film.ts';

const ANSWER_MS = 30_000;

/** How the owner proves who they are. */
export type Credentials = { key: string } | { username: string; password: string };

/** The edge's API as an owner or admin calls it. Ends its own sign-in when it is disposed of. */
export class EdgeApi implements AsyncDisposable {
  readonly #edge: string;
  readonly #token: string;
  readonly #signedIn: boolean;

  private constructor(edge: string, token: string, signedIn: boolean) {
    this.#edge = edge;
    this.#token = token;
    this.#signedIn = signedIn;
  }

  /** Throws a UsageError where the edge does not take the credentials. */
  static async signIn(edge: string, credentials: Credentials): Promise<EdgeApi> {
    if ('key' in credentials) return new EdgeApi(edge, credentials.key, false);
    const answer = await send(edge, 'POST', '/auth/login', { ...credentials, delivery: 'body' }, null);
    if (!answer.ok) throw new UsageError(`the sign-in was refused: ${await refusal(answer)}`);
    const { accessToken } = SignedIn.parse(await answer.json());
    return new EdgeApi(edge, accessToken ?? '', true);
  }

  async enrolmentCode(): Promise<string> {
    return (await this.#ask('POST', '/agents/enrolments', {}, Enrolment)).code;
  }

  /** Makes a library; answers its id. */
  async makeLibrary(name: string): Promise<string> {
    return (await this.#ask('POST', '/libraries', { name }, LibraryMade)).id;
  }

  async deleteLibrary(id: string): Promise<void> {
    await this.#ask('DELETE', `/libraries/${id}`, undefined, z.unknown());
  }

  /** The id of a title that came last to a library, or null while it is not there. */
  async newest(libraryId: string, title: string): Promise<string | null> {
    const { items } = await this.#ask('GET', `/libraries/${libraryId}/items?sort=added&dir=desc`, undefined, ItemPage);
    return items.find((item) => item.title === title)?.id ?? null;
  }

  play(itemId: string): Promise<PlayAnswer> {
    return this.#ask('POST', `/items/${itemId}/play`, { profile: PLAYER, startMs: 0 }, PlayAnswer);
  }

  async stop(sessionId: string): Promise<void> {
    await this.#ask('POST', `/sessions/${sessionId}/stop`, { positionMs: 0 }, z.unknown());
  }

  async removeAgent(agentId: string): Promise<void> {
    await this.#ask('DELETE', `/agents/${agentId}`, undefined, z.unknown());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#signedIn) await send(this.#edge, 'POST', '/auth/logout', {}, this.#token).catch(() => {});
  }

  async #ask<T>(method: string, path: string, body: unknown, schema: z.ZodType<T>): Promise<T> {
    const answer = await send(this.#edge, method, path, body, this.#token);
    if (answer.status === 401) throw new UsageError(`the key was refused: ${await refusal(answer)}`);
    if (answer.status === 403) throw new UsageError(`an owner or admin is needed: ${await refusal(answer)}`);
    if (!answer.ok) throw new Error(`${method} ${path} was answered with ${answer.status}: ${await refusal(answer)}`);
    return schema.parse(answer.status === 204 ? null : await answer.json());
  }
}

function send(edge: string, method: string, path: string, body: unknown, token: string | null): Promise<Response> {
  return fetch(`${edge}/api/v1${path}`, {
    method,
    headers: {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    // Its own, and never the run's: what was made is removed after Ctrl-C too.
    signal: AbortSignal.timeout(ANSWER_MS),
  });
}

async function refusal(answer: Response): Promise<string> {
  const problem = Problem.safeParse(await answer.json().catch(() => null));
  return problem.success ? (problem.data.detail ?? problem.data.title) : `status ${answer.status}`;
}
