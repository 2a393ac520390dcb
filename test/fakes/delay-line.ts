import { Transform } from 'node:stream';

/** What is on its way at once: 40 ms of ten gigabits. */
const MOST_BYTES = 64 * 1024 * 1024;

/** Passes everything on, each piece so many milliseconds after it came. */
export function delayed(ms: number): Transform {
  const line: { due: number; chunk: Buffer }[] = [];
  let bytes = 0;
  let timer: NodeJS.Timeout | null = null;
  let more: (() => void) | null = null;
  let end: (() => void) | null = null;
  const deliver = () => {
    timer = null;
    const now = performance.now();
    while (line[0] && line[0].due <= now) {
      const { chunk } = line.shift() as (typeof line)[number];
      bytes -= chunk.length;
      stream.push(chunk);
    }
    if (more && bytes < MOST_BYTES) {
      const go = more;
      more = null;
      go();
    }
    if (line[0]) timer = setTimeout(deliver, Math.max(1, line[0].due - now));
    else end?.();
  };
  const stream: Transform = new Transform({
    transform(chunk: Buffer, _encoding, taken) {
      line.push({ due: performance.now() + ms, chunk });
      bytes += chunk.length;
      timer ??= setTimeout(deliver, ms);
      if (bytes < MOST_BYTES) taken();
      else more = taken;
    },
    flush(done) {
      if (line.length === 0) done();
      else end = done;
    },
    destroy(error, done) {
      if (timer) clearTimeout(timer);
      done(error);
    },
  });
  return stream;
}
