import { setTimeout as delay } from 'node:timers/promises';
import { PlayAnswer } from '../../shared/api/playback.ts';
import { Problem } from '../../shared/errors.ts';
import { CHROMIUM } from '../fakes/media-samples.ts';
import type { Deployment } from './deployment.ts';
import { TIMELINE } from './film.ts';
import type { OwnTime } from './own-time.ts';

/** A film of a few minutes asks for a segment every so often; the player's own waits are the real ones. */
const SEGMENT_MS = 2_000;
const RETRY_MS = 1_000;
const QUEUE_ASK_MS = 4_000;
/** As long as the player waits for a machine that is away. */
const PATIENCE_MS = 125_000;
const SEGMENTS = TIMELINE.runs[0]?.[1] ?? 1;

/** What all viewers together have met. */
export interface Tally {
  films: number;
  segments: number;
  /** Requests that had to be made again. */
  retries: number;
  /** Times that somebody was given a place in the queue. */
  waits: number;
  /** Films that were begun anew since their session had ended. */
  replays: number;
  /** Films that were given up although a machine with a copy was there, and those of which none was. */
  lost: string[];
  forsaken: number;
  /** The longest that any segment was waited for; ms. */
  slowestMs: number;
}

/** What a viewer's surroundings know. */
export interface Surroundings {
  deployment: Deployment;
  films: readonly number[];
  tally: Tally;
  time: OwnTime;
  /** Whether some machine with a copy of a film has been there for a while. */
  isHeld(film: number): boolean;
  /** Milliseconds since 1970. */
  until: number;
}

/** One person who watches one film after another by the player's rules, until the time is over. */
export class SimulatedViewer {
  readonly #around: Surroundings;
  readonly #deployment: Deployment;
  readonly #films: readonly number[];
  readonly #tally: Tally;
  readonly #random: () => number;
  readonly #until: number;

  constructor(around: Surroundings, random: () => number) {
    this.#around = around;
    const { deployment, films, tally, until } = around;
    this.#deployment = deployment;
    this.#films = films;
    this.#tally = tally;
    this.#random = random;
    this.#until = until;
  }

  async watchOn(): Promise<void> {
    while (Date.now() < this.#until) {
      const film = this.#films[Math.floor(this.#random() * this.#films.length)] as number;
      this.#tally.films++;
      const segments = 5 + Math.floor(this.#random() * 40);
      const play = await this.#watch(film, segments);
      // Some close the player, others only the lid of their laptop.
      if (play && this.#random() < 0.6) {
        await this.#deployment.call('POST', `/sessions/${play.sessionId}/stop`, { positionMs: 1000 });
      }
      await delay(this.#random() * 2_000);
    }
  }

  async #watch(film: number, segments: number): Promise<PlayAnswer | null> {
    let play = await this.#begin(film);
    for (let k = 0; play && k < segments && Date.now() < this.#until; k++) {
      const outcome = await this.#segment(film, play, k % SEGMENTS);
      if (outcome === 'again') {
        this.#tally.replays++;
        play = await this.#begin(film);
      } else if (outcome === 'lost') return null;
      await delay(SEGMENT_MS * (0.5 + this.#random()));
    }
    return play;
  }

  async #begin(film: number): Promise<PlayAnswer | null> {
    const { time } = this.#around;
    const since = time.now();
    while (Date.now() < this.#until) {
      const answer = await answered(this.#deployment.call('POST', `/items/${film}/play`, { profile: CHROMIUM }));
      if (answer?.ok) return PlayAnswer.parse(JSON.parse(answer.text));
      const code = codeOf(answer);
      if (code === 'capacity-full') {
        this.#tally.waits++;
        await delay(QUEUE_ASK_MS);
      } else if ((answer?.status ?? 500) >= 500 && time.now() - since < PATIENCE_MS) {
        this.#tally.retries++;
        await delay(RETRY_MS);
      } else {
        this.#givenUp(film, answer, `film ${film} did not begin: ${code}`);
        return null;
      }
    }
    return null;
  }

  async #segment(film: number, play: PlayAnswer, k: number): Promise<'got' | 'again' | 'lost'> {
    const { time } = this.#around;
    const since = time.now();
    const rendition = play.plan.video[0]?.id ?? 'v';
    const url = `${this.#deployment.origin}${play.url.replace('master.m3u8', `${rendition}/${k}.m4s`)}`;
    for (;;) {
      const answer = await answered(fetch(url));
      const tookMs = Math.round(time.now() - since);
      if (answer?.ok) {
        this.#tally.segments++;
        this.#tally.slowestMs = Math.max(this.#tally.slowestMs, tookMs);
        return 'got';
      }
      const code = codeOf(answer);
      if (code === 'session-ended' || code === 'other-copy') return 'again';
      const status = answer?.status ?? 500;
      if ((status < 500 && status !== 429) || tookMs > PATIENCE_MS) {
        this.#givenUp(film, answer, `${play.sessionId}: ${code} after ${Math.round(tookMs / 1000)} s`);
        return 'lost';
      }
      if (Date.now() > this.#until) return 'got';
      this.#tally.retries++;
      await delay(RETRY_MS);
    }
  }

  /** A film of which no machine is there cannot be played; a refusal for another reason is a fault all the same. */
  #givenUp(film: number, answer: Answer | null, what: string): void {
    const isAway = (answer?.status ?? 500) >= 500;
    if (isAway && !this.#around.isHeld(film)) this.#tally.forsaken++;
    else this.#tally.lost.push(what);
  }
}

interface Answer {
  ok: boolean;
  status: number;
  text: string;
}

/** Null where the connection was lost, which a player takes for a machine that is away. */
async function answered(asked: Promise<Response>): Promise<Answer | null> {
  try {
    const response = await asked;
    return { ok: response.ok, status: response.status, text: new TextDecoder().decode(await response.arrayBuffer()) };
  } catch {
    return null;
  }
}

function codeOf(answer: Answer | null): string {
  return answer ? Problem.parse(JSON.parse(answer.text)).code : 'no answer';
}
