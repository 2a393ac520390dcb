import { parentPort, workerData } from 'node:worker_threads';
import { BOMBS } from './bombs.ts';
import { seeded } from './seeded.ts';
import { targets } from './targets.ts';

/** In a thread of its own, so that its memory can be limited: lets every reader of the format have one bomb. */
const { name, dir } = workerData as { name: string; dir: string };
const bomb = BOMBS.find((each) => each.name === name);
if (!bomb) throw new Error(`no bomb ${name}`);
const bytes = bomb.make();
for (const { formats, run } of targets(dir)) if (formats.includes(bomb.format)) await run(bytes, seeded(1));
parentPort?.postMessage('survived');
