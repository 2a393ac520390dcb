import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { type Browser, openBrowser } from './browser.ts';
import { OWNER } from './household.ts';
import { playerState, playsFor } from './player.ts';

/** What the page notes of itself. Times in milliseconds of its own clock. */
interface Notes {
  /** How many seconds ahead the player may fetch. */
  ahead: number;
  /** `left`: the player itself gave it up, for a seek. */
  requests: { url: string; sentAt: number; doneAt: number | null; status: number; left: boolean }[];
  /** `dry`: for want of what comes next, and not because the machine was too busy to show it. */
  stalls: { at: number; ms: number; dry: boolean }[];
}

/** What became of the film between two looks. */
export interface Stretch {
  /** Longest time from first asking for a segment to having it, over all its attempts; ms. */
  slowestSegmentMs: number;
  /** Segments that arrived. */
  segments: number;
  /** Times at which the picture stood still for longer than half a second; ms. */
  stalls: number[];
  /** Those of them in which the player had nothing to show; ms. */
  dry: number[];
}

/**
 * A person who watches in Chromium, with the real player and at most `aheadS` seconds buffered: the page holds
 * requests for segments back while it has more.
 */
export class WatchedPlayer implements AsyncDisposable {
  readonly page: Page;
  readonly #browser: Browser;
  #since = 0;

  private constructor(browser: Browser) {
    this.#browser = browser;
    this.page = browser.page;
  }

  static async open(url: string, aheadS: number): Promise<WatchedPlayer> {
    const browser = await openBrowser({ width: 1280, height: 720 });
    await browser.context.addInitScript(keepNotes, aheadS);
    const answer = await browser.context.request.post(`${url}/api/v1/auth/login`, {
      data: { ...OWNER, delivery: 'cookie' },
    });
    if (!answer.ok()) throw new Error(`sign-in: ${answer.status()}`);
    return new WatchedPlayer(browser);
  }

  /** Opens the player on an item, from a second of it on. */
  async play(url: string, itemId: string, fromS = 0): Promise<void> {
    await this.page.goto(`${url}/play/${itemId}?at=${fromS * 1000}`);
    await playsFor(this.page, 1);
  }

  /** Resolves when the film is buffered as far as it may be. */
  async filled(): Promise<void> {
    await this.page.waitForFunction(() => {
      const video = document.querySelector('video');
      const { ahead } = (window as unknown as { notes: Notes }).notes;
      const end = video && video.buffered.length > 0 ? video.buffered.end(video.buffered.length - 1) : 0;
      return video !== null && end - video.currentTime >= ahead;
    });
  }

  /** From here on the next `stretch` counts. */
  async mark(): Promise<void> {
    this.#since = await this.page.evaluate(() => performance.now());
  }

  /** What happened since the mark. */
  async stretch(): Promise<Stretch> {
    const { notes, now } = await this.page.evaluate(() => ({
      notes: (window as unknown as { notes: Notes }).notes,
      now: performance.now(),
    }));
    const byUrl = Map.groupBy(
      notes.requests.filter(({ left }) => !left),
      (request) => request.url,
    );
    const waits: number[] = [];
    let segments = 0;
    for (const all of byUrl.values()) {
      // A segment that was fetched before the mark may be fetched again, after a seek.
      const attempts = all.filter(({ doneAt }) => doneAt === null || doneAt >= this.#since);
      if (attempts.length === 0) continue;
      const done = attempts.find(({ status, doneAt }) => status === 200 && doneAt !== null);
      if (done) segments++;
      const begin = Math.max(this.#since, Math.min(...attempts.map(({ sentAt }) => sentAt)));
      waits.push((done?.doneAt ?? now) - begin);
    }
    const stalls = notes.stalls.filter(({ at }) => at >= this.#since);
    return {
      slowestSegmentMs: Math.max(0, ...waits),
      segments,
      stalls: stalls.map(({ ms }) => ms),
      dry: stalls.filter(({ dry }) => dry).map(({ ms }) => ms),
    };
  }

  /** Resolves once the film has gone on by so many seconds and so many more segments have come. */
  async goesOn(seconds: number, segments: number, limitMs = 60_000): Promise<Stretch> {
    const { currentTime } = await playerState(this.page);
    const end = Date.now() + limitMs;
    for (;;) {
      const [state, stretch] = [await playerState(this.page), await this.stretch()];
      if (state.currentTime >= currentTime + seconds && stretch.segments >= segments) return stretch;
      if (Date.now() > end) {
        throw new Error(`the film stands: ${JSON.stringify({ from: currentTime, stretch, ...(await this.#look()) })}`);
      }
      await sleep(100);
    }
  }

  /** All that helps to understand why a film stands. */
  #look() {
    return this.page.evaluate(() => {
      const video = document.querySelector('video');
      const { notes } = window as unknown as { notes: Notes };
      const ranges = Array.from({ length: video?.buffered.length ?? 0 }, (_, i) =>
        [video?.buffered.start(i) ?? 0, video?.buffered.end(i) ?? 0].map(Math.round),
      );
      return {
        said: [...document.querySelectorAll('[role="alert"], [role="status"]')].map((one) => one.textContent),
        now: Math.round(performance.now()),
        time: video?.currentTime,
        paused: video?.paused,
        seeking: video?.seeking,
        readyState: video?.readyState,
        ranges,
        stalls: notes.stalls.slice(-3),
        requests: notes.requests
          .slice(-12)
          .map(({ url, sentAt, doneAt, status, left }) => [
            url.split('/').slice(-2).join('/'),
            Math.round(sentAt),
            Math.round(doneAt ?? 0),
            status,
            left,
          ]),
      };
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser[Symbol.asyncDispose]();
  }
}

/** Runs in the page, before its scripts. */
function keepNotes(ahead: number): void {
  const notes: Notes = { ahead, requests: [], stalls: [] };
  Object.assign(window, { notes });
  const video = () => document.querySelector('video');

  const buffered = () => {
    const element = video();
    if (!element) return 0;
    for (let i = 0; i < element.buffered.length; i++) {
      const [start, end] = [element.buffered.start(i), element.buffered.end(i)];
      if (start <= element.currentTime + 0.1 && end >= element.currentTime) return end - element.currentTime;
    }
    return 0;
  };
  const addresses = new WeakMap<XMLHttpRequest, string>();
  const { open, send, abort } = XMLHttpRequest.prototype;
  const held = new WeakMap<XMLHttpRequest, number>();
  const entries = new WeakMap<XMLHttpRequest, Notes['requests'][number]>();
  XMLHttpRequest.prototype.open = function (this: XMLHttpRequest, ...args: unknown[]) {
    addresses.set(this, String(args[1]));
    return Reflect.apply(open, this, args);
  } as typeof open;
  XMLHttpRequest.prototype.send = function (this: XMLHttpRequest, ...args) {
    const url = addresses.get(this) ?? '';
    if (!url.endsWith('.m4s')) return Reflect.apply(send, this, args);
    const go = () => {
      const entry = { url, sentAt: performance.now(), doneAt: null as number | null, status: 0, left: false };
      entries.set(this, entry);
      notes.requests.push(entry);
      this.addEventListener('loadend', () => {
        entry.doneAt = performance.now();
        entry.status = this.status;
      });
      Reflect.apply(send, this, args);
    };
    if (buffered() <= notes.ahead) return go();
    const timer = setInterval(() => {
      if (buffered() > notes.ahead) return;
      clearInterval(timer);
      go();
    }, 50);
    held.set(this, timer as unknown as number);
  };
  XMLHttpRequest.prototype.abort = function (this: XMLHttpRequest) {
    clearInterval(held.get(this));
    const entry = entries.get(this);
    if (entry && entry.doneAt === null) entry.left = true;
    Reflect.apply(abort, this, []);
  };

  let last = { at: performance.now(), time: 0, moved: performance.now() };
  let stall: Notes['stalls'][number] | null = null;
  setInterval(() => {
    const element = video();
    const at = performance.now();
    const time = element?.currentTime ?? 0;
    const moves = !element || element.paused || element.ended || time !== last.time;
    if (moves) {
      last = { at, time, moved: at };
      stall = null;
    } else if (at - last.moved > 500) {
      if (!stall) {
        stall = { at: last.moved, ms: 0, dry: false };
        notes.stalls.push(stall);
      }
      stall.ms = at - last.moved;
      if (element.readyState < HTMLMediaElement.HAVE_FUTURE_DATA) stall.dry = true;
    }
  }, 50);
}
