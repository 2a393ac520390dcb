import { setTimeout as sleep } from 'node:timers/promises';
import { type Check, failed, MIB, ok, spell } from '../check.ts';
import { FILM_BYTES } from '../made-up-film.ts';
import type { Stage } from '../stage.ts';
import { Viewer } from '../viewer.ts';

const NAME = 'A deploy in the middle of a film';
/** The download lasts for minutes. */
const BYTES_PER_SECOND = 256 * 1024;
/** As long as a player waits. */
const PATIENCE_MS = 60_000;
const RETRY_MS = 500;

/** What was asked for before a deploy is served when it is asked for again after it, by the same ticket. */
export async function survivesDeploy(stage: Stage, deployed: (signal: AbortSignal) => Promise<void>): Promise<Check> {
  const { agent, url, signal } = stage;
  agent.link.setUplinkLimit(BYTES_PER_SECOND);
  const before = agent.welcomes;
  const running = await Viewer.open(url, { start: 0, end: FILM_BYTES }, signal);
  let broken = false;
  const download = running.read(FILM_BYTES).catch(() => {
    broken = true;
  });
  try {
    await deployed(signal);
    agent.link.setUplinkLimit(null);
    const startedAt = performance.now();
    while (!(await served(url, signal))) {
      if (performance.now() - startedAt > PATIENCE_MS) {
        const meaning = 'What was asked for again after the deploy was not served within a minute: films stop.';
        return failed(NAME, null, meaning, 'See `npx wrangler tail`; if it goes on, deploy the release before again.');
      }
      await sleep(RETRY_MS, undefined, { signal });
    }
    const how = broken ? 'the download broke, as it may' : 'the download went on';
    const figure = `${how}; asked again it came after ${spell(performance.now() - startedAt)}; ${agent.welcomes - before} reconnects`;
    return ok(NAME, figure, 'A player that asks again, as all do, plays on.');
  } finally {
    running[Symbol.dispose]();
    await download;
    agent.link.setUplinkLimit(null);
  }
}

async function served(url: string, signal: AbortSignal): Promise<boolean> {
  const within = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
  try {
    using viewer = await Viewer.open(url, { start: MIB, end: 2 * MIB }, within);
    await viewer.read(MIB);
    return viewer.done;
  } catch {
    signal.throwIfAborted();
    return false;
  }
}
