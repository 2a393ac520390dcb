import { SUBTITLE_WINDOW_S } from '../../../shared/media/subtitle-windows.ts';
import type { VttCue } from '../../../shared/media/web-vtt.ts';

/** A window that did not come is asked for again after this long, while the film is still in it. */
const RETRY_MS = 5_000;
/** The next window is fetched this long before the film reaches it. */
const AHEAD_S = 30;

interface WindowedCuesDeps {
  /** The cues of a window; rejects where they do not come. */
  fetch(window: number): Promise<readonly VttCue[]>;
  /** Cues that were not known before. */
  add(cues: readonly VttCue[]): void;
  now(): number;
}

/** Fetches the windows of a text track that the film comes to, each once. */
export class WindowedCues {
  readonly #deps: WindowedCuesDeps;
  readonly #asked = new Set<number>();
  readonly #failedAt = new Map<number, number>();
  readonly #known = new Set<string>();

  constructor(deps: WindowedCuesDeps) {
    this.#deps = deps;
  }

  /** The film is at this second of the track. */
  at(seconds: number): void {
    const window = Math.floor(Math.max(0, seconds) / SUBTITLE_WINDOW_S);
    void this.#want(window);
    if ((window + 1) * SUBTITLE_WINDOW_S - seconds <= AHEAD_S) void this.#want(window + 1);
  }

  async #want(window: number): Promise<void> {
    const failedAt = this.#failedAt.get(window);
    const early = failedAt !== undefined && this.#deps.now() - failedAt < RETRY_MS;
    if (this.#asked.has(window) || early) return;
    this.#asked.add(window);
    try {
      const cues = await this.#deps.fetch(window);
      // What reaches over a window's edge is in both.
      const fresh = cues.filter((cue) => !this.#known.has(keyOf(cue)));
      for (const cue of fresh) this.#known.add(keyOf(cue));
      if (fresh.length > 0) this.#deps.add(fresh);
    } catch {
      this.#asked.delete(window);
      this.#failedAt.set(window, this.#deps.now());
    }
  }
}

const keyOf = ({ start, end, text }: VttCue) => `${start}/${end}/${text}`;
