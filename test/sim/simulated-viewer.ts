import { setTimeout as delay } from 'node:timers/promises';
import { PlayAnswer } from '../../shared/api/playback.ts';
import { Problem } from '../../shared/errors.ts';
import { CHROMIUM } from '../fakes/media-samples.ts';
import type { Deployment } from './deployment.ts';
import { TIMELINE } from './film.ts';

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
  /** Films that were begun anew since their session had ended, and films that were given up. */
  replays: number;
  lost: string[];
  /** The longest that any segment was waited for; ms. */
  slowestMs: number;
}

/** One person who watches one film after another by the player's rules, until the time is over. */
export class SimulatedViewer {
  readonly #deployment: Deployment;
  readonly #films: readonly number[];
  readonly #tally: Tally;
  readonly #random: () => number;
  readonly #until: number;

  constructor(deployment: Deployment, films: readonly number[], tally: Tally, random: () => number, until: number) {
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
      const outcome = await this.#segment(play, k % SEGMENTS);
      if (outcome === 'again') {
        this.#tally.replays++;
        play = await this.#begin(film);
      } else if (outcome === 'lost') return null;
      await delay(SEGMENT_MS * (0.5 + this.#random()));
    }
    return play;
  }

  async #begin(film: number): Promise<PlayAnswer | null> {
    const since = Date.now();
    while (Date.now() < this.#until) {
      const response = await this.#deployment.call('POST', `/items/${film}/play`, { profile: CHROMIUM });
      const answer: unknown = await response.json();
      if (response.ok) return PlayAnswer.parse(answer);
      const { code } = Problem.parse(answer);
      if (code === 'capacity-full') {
        this.#tally.waits++;
        await delay(QUEUE_ASK_MS);
      } else if (response.status >= 500 && Date.now() - since < PATIENCE_MS) {
        this.#tally.retries++;
        await delay(RETRY_MS);
      } else {
        this.#tally.lost.push(`film ${film} did not begin: ${code}`);
        return null;
      }
    }
    return null;
  }

  async #segment(play: PlayAnswer, k: number): Promise<'got' | 'again' | 'lost'> {
    const since = Date.now();
    const rendition = play.plan.video[0]?.id ?? 'v';
    const url = `${this.#deployment.origin}${play.url.replace('master.m3u8', `${rendition}/${k}.m4s`)}`;
    for (;;) {
      const response = await fetch(url);
      const body = await response.arrayBuffer();
      if (response.ok) {
        this.#tally.segments++;
        this.#tally.slowestMs = Math.max(this.#tally.slowestMs, Date.now() - since);
        return 'got';
      }
      const { code } = Problem.parse(JSON.parse(new TextDecoder().decode(body)));
      if (code === 'session-ended' || code === 'other-copy') return 'again';
      if ((response.status < 500 && response.status !== 429) || Date.now() - since > PATIENCE_MS) {
        this.#tally.lost.push(`${play.sessionId}: ${code} after ${Math.round((Date.now() - since) / 1000)} s`);
        return 'lost';
      }
      if (Date.now() > this.#until) return 'got';
      this.#tally.retries++;
      await delay(RETRY_MS);
    }
  }
}
