import { HearthcastError } from '../../shared/errors.ts';
import { placeWords } from '../../shared/queue-words.ts';
import type { Env } from '../env.ts';
import type { Principal } from '../identity/principal.ts';
import { FLEET_NAME } from './fleet-name.ts';
import type { Asker, Turn } from './queue.ts';
import type { Candidate } from './session-record.ts';

/** How often somebody who waits asks again. */
const ASK_AGAIN_S = 2;

/** One viewer's wait for a slot. Whoever needs none passes by. */
export class Waiting {
  readonly #env: Pick<Env, 'FLEET'>;
  readonly #asker: Asker;
  readonly #needsSlot: boolean;

  constructor(
    env: Pick<Env, 'FLEET'>,
    { principal, itemId }: { principal: Pick<Principal, 'userId' | 'authSessionId'>; itemId: number },
    candidates: readonly Candidate[],
  ) {
    this.#env = env;
    const { userId, authSessionId } = principal;
    const agentIds = [...new Set(candidates.map(({ agentId }) => agentId))];
    const lenderIds = [...new Set(candidates.flatMap(({ source }) => source?.agentId ?? []))];
    this.#asker = { key: `${authSessionId}/${itemId}`, userId, itemId, agentIds, lenderIds };
    this.#needsSlot = candidates.every(({ plan }) => plan.video.some(({ action }) => action === 'transcode'));
  }

  /** Throws `capacity-full` with one's place, where others are to be served first or nothing is free. */
  async admit(): Promise<void> {
    if (this.#needsSlot) await this.#ask(false, 'Every machine that could play this is busy.');
  }

  /** The agents had no slot after all: throws `capacity-full` with one's place. */
  async refused(detail: string): Promise<never> {
    await this.#ask(true, detail);
    throw new HearthcastError('capacity-full', detail, { retryAfterS: ASK_AGAIN_S });
  }

  /** It plays: the place is free. */
  async admitted(): Promise<void> {
    if (!this.#needsSlot) return;
    await this.#fleet()
      .leaveQueue(this.#asker.key)
      .catch((error) => console.warn('the place in the queue was not given up', String(error)));
  }

  async #ask(refused: boolean, why: string): Promise<void> {
    const turn: Turn = await this.#fleet()
      .turn({ ...this.#asker, refused })
      // Without the Fleet nobody waits: the agents decide.
      .catch(() => ({ go: true }) as const);
    if (turn.go) return;
    throw new HearthcastError('capacity-full', `${why} ${placeWords(turn.place)}`, { retryAfterS: ASK_AGAIN_S });
  }

  #fleet() {
    return this.#env.FLEET.getByName(FLEET_NAME);
  }
}
