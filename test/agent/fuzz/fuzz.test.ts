import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterAll, describe, expect, it } from 'vitest';
import { BOMBS } from './bombs.ts';
import { containers } from './containers.ts';
import { damaged } from './damage.ts';
import { seeded } from './seeded.ts';
import { targets } from './targets.ts';

const dir = await mkdtemp(join(tmpdir(), 'hearthcast-fuzz-'));
afterAll(() => rm(dir, { recursive: true, force: true }));
const whole = await containers();
const ALL = targets(dir);
/** A few seconds' worth; `node test/sim/fuzz.ts --minutes 10` goes on for longer. */
const ROUNDS = 150;

describe.each(ALL)('the reader of foreign bytes: $name', ({ name, formats, run }) => {
  const given = whole.filter(({ format }) => formats.includes(format));

  it.each(given)('reads a damaged $name or refuses it, and does nothing else', async ({ bytes }) => {
    for (let round = 0; round < ROUNDS; round++) {
      const random = seeded(round + name.length * 1000);
      await run(damaged(bytes, random), random).catch((error: unknown) => {
        throw new Error(`round ${round} of ${name}`, { cause: error });
      });
    }
  });
});

/** A heap in which honest indexes fit many times. */
const HEAP_MB = 192;

describe('a file that asks for much', () => {
  it.each(BOMBS.map(({ name }) => name))('is refused or read within bounds: %s', async (name) => {
    const worker = new Worker(new URL('./bomb-worker.ts', import.meta.url), {
      workerData: { name, dir },
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
    });
    const outcome = await new Promise<string>((resolve) => {
      worker.once('message', resolve);
      worker.once('error', (error) => resolve(String(error)));
    });
    await worker.terminate();
    expect(outcome).toBe('survived');
  });
});
