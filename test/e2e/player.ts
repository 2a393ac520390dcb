import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { LIT_SEGMENTS } from '../../scripts/demo/time-code.ts';

const VIDEO = '[data-testid="player-video"]';

/** Where the demo library's films carry their time code, in a frame of 1280 × 720. */
const CODE = { x: 400, y: 536, digits: [42, 134, 270, 362], width: 76, height: 112, top: 16 } as const;

export interface PlayerState {
  currentTime: number;
  duration: number;
  paused: boolean;
  ended: boolean;
  /** Chromium's counts of what it decoded. */
  audioBytes: number;
  frames: number;
  error: string | null;
}

export function playerState(page: Page): Promise<PlayerState> {
  return page.evaluate((selector) => {
    const video = document.querySelector(selector) as HTMLVideoElement & { webkitAudioDecodedByteCount: number };
    return {
      currentTime: video.currentTime,
      duration: video.duration,
      paused: video.paused,
      ended: video.ended,
      audioBytes: video.webkitAudioDecodedByteCount,
      frames: video.getVideoPlaybackQuality().totalVideoFrames,
      error: video.error?.message ?? null,
    };
  }, VIDEO);
}

/** Resolves once the film has moved on by so many seconds from where it is when asked. */
export async function playsFor(page: Page, seconds: number): Promise<PlayerState> {
  await page.waitForSelector(VIDEO, { state: 'attached' });
  await page.waitForFunction(
    (selector) => (document.querySelector(selector) as HTMLVideoElement).readyState >= 3,
    VIDEO,
    { timeout: 60_000 },
  );
  const { currentTime } = await playerState(page);
  await page.waitForFunction(
    ([selector, until]) =>
      (document.querySelector(selector as string) as HTMLVideoElement).currentTime >= Number(until),
    [VIDEO, currentTime + seconds] as const,
    { timeout: 90_000 },
  );
  return playerState(page);
}

/** Moves to a second of the film, as the seek bar does, and waits for its picture. */
export async function seekTo(page: Page, seconds: number): Promise<void> {
  await page.evaluate(
    ([selector, to]) => {
      (document.querySelector(selector as string) as HTMLVideoElement).currentTime = Number(to);
    },
    [VIDEO, seconds] as const,
  );
  await page.waitForFunction(
    (selector) => {
      const video = document.querySelector(selector) as HTMLVideoElement;
      return !video.seeking && video.readyState >= 3;
    },
    VIDEO,
    { timeout: 60_000 },
  );
}

/** The time burned into the picture that is shown now, in seconds, and the film's own clock beside it. */
export async function readTimeCode(page: Page): Promise<{ shown: number; currentTime: number }> {
  const { lit, currentTime } = await page.evaluate(
    ([selector, code]) => {
      const video = document.querySelector(selector as string) as HTMLVideoElement;
      const canvas = document.createElement('canvas');
      canvas.width = 1280;
      canvas.height = 720;
      const context = canvas.getContext('2d', { willReadFrequently: true });
      if (!context) throw new Error('no canvas');
      const at = video.currentTime;
      context.drawImage(video, 0, 0, 1280, 720);
      const { x, y, digits, width, height, top } = code as typeof CODE;
      const light = (px: number, py: number) => (context.getImageData(px, py, 1, 1).data[0] ?? 0) > 128;
      const lit = digits.map((left) => {
        const [l, t] = [x + left, y + top];
        const spots = [
          [l + width / 2, t + 7],
          [l + width - 7, t + height / 4],
          [l + width - 7, t + (3 * height) / 4],
          [l + width / 2, t + height - 7],
          [l + 7, t + (3 * height) / 4],
          [l + 7, t + height / 4],
          [l + width / 2, t + height / 2],
        ];
        return spots.map(([px, py]) => (light(px as number, py as number) ? '1' : '0')).join('');
      });
      return { lit, currentTime: at };
    },
    [VIDEO, CODE] as const,
  );
  const numbers = lit.map((segments) => LIT_SEGMENTS.indexOf(segments));
  if (numbers.includes(-1)) throw new Error(`the picture shows no time code: ${lit.join(' ')}`);
  const [a, b, c, d] = numbers as [number, number, number, number];
  return { shown: a * 600 + b * 60 + c * 10 + d, currentTime };
}

/**
 * Resolves once the picture is that of the player's clock: the same second, or the one before while a frame is still
 * to come. A machine that is busy with other things shows pictures late for a while; a film that is cut wrongly, always.
 */
export async function showsItsTime(page: Page): Promise<void> {
  let last = '';
  for (const end = Date.now() + 30_000; Date.now() < end; await sleep(200)) {
    try {
      const { shown, currentTime } = await readTimeCode(page);
      const behind = Math.floor(currentTime) - shown;
      if (behind === 0 || behind === 1) return;
      last = `it shows ${shown} s at ${currentTime} s`;
    } catch (error) {
      last = String(error);
    }
  }
  throw new Error(`the picture is not that of its time: ${last}`);
}
