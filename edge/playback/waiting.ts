import { HearthcastError } from '../../shared/errors.ts';
import type { Env } from '../env.ts';
import { FLEET_NAME } from './fleet-name.ts';
import type { Turn } from './queue.ts';
import type { Candidate } from './session-record.ts';

/** How often somebody who waits asks again. */
const ASK_AGAIN_S = 2;

/** One viewer's wait for a slot. Whoever needs none passes by. */
export class Waiting {
  readonly #env: Pick<Env, 'FLEET'>;
  readonly #key: string;
  readonly #agentIds: string[];
  readonly #needsSlot: boolean;

  /** `key` is of the device and what it wants to play: asked again it is the same place. */
  constructor(env: Pick<Env, 'FLEET'>, key: string, candidates: readonly Candidate[]) {
    this.#env = env;
    this.#key = key;
    this.#agentIds = [...new Set(candidates.map(({ agentId }) => agentId))];
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
      .leaveQueue(this.#key)
      .catch((error) => console.warn('the place in the queue was not given up', String(error)));
  }

  async #ask(refused: boolean, why: string): Promise<void> {
    const asker = { key: this.#key, agentIds: this.#agentIds, refused };
    const turn: Turn = await this.#fleet()
      .turn(asker)
      // Without the Fleet nobody waits: the agents decide.
      .catch(() => ({ go: true }) as const);
    if (turn.go) return;
    throw new HearthcastError('capacity-full', `${why} ${sentence(turn.place)}`, { retryAfterS: ASK_AGAIN_S });
  }

  #fleet() {
    return this.#env.FLEET.getByName(FLEET_NAME);
  }
}

function sentence(place: number): string {
  const turn = place === 1 ? 'You are next' : `You are number ${place} in line`;
  return `${turn}; it starts by itself when one is free.`;
}
