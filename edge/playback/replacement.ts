import type { PlayRequest } from '../../shared/api/playback.ts';
import type { Env } from '../env.ts';

/** A session that its own viewer goes on with on another device. */
export class Replacement {
  readonly session: string;
  readonly itemId: number;
  /** Where it is at this moment. */
  readonly positionMs: number | null;
  readonly #env: Pick<Env, 'PLAYBACK_SESSION'>;
  readonly #userId: number;

  private constructor(
    env: Pick<Env, 'PLAYBACK_SESSION'>,
    userId: number,
    session: string,
    place: { itemId: number; positionMs: number },
  ) {
    this.#env = env;
    this.#userId = userId;
    this.session = session;
    this.itemId = place.itemId;
    this.positionMs = place.positionMs;
  }

  /** Null where nothing is to be replaced, or what was is over or is not this user's. */
  static async of(
    env: Pick<Env, 'PLAYBACK_SESSION'>,
    userId: number,
    { replaces }: Pick<PlayRequest, 'replaces'>,
  ): Promise<Replacement | null> {
    if (replaces === undefined) return null;
    const place = await env.PLAYBACK_SESSION.getByName(replaces).placeOf(userId);
    return place && new Replacement(env, userId, replaces, place);
  }

  /** Ends it with a word that names the new device. Repeated, it changes nothing. */
  end(device: string): Promise<void> {
    const farewell = `You went on watching on another device: ${device}.`;
    return this.#env.PLAYBACK_SESSION.getByName(this.session).leaveTo(this.#userId, farewell);
  }
}
