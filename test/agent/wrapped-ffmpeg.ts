import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BINARIES } from './playback-stage.ts';

/** An ffmpeg that writes down how it was called, and can be told to fail. */
export interface WrappedFfmpeg extends AsyncDisposable {
  binaries: { ffmpeg: string; ffprobe: string };
  /** The argv of each start so far. */
  calls(): Promise<string[][]>;
}

/** `script` runs before the real one, with its arguments in `"$@"`; it may end the process itself. */
export async function wrappedFfmpeg(script = ''): Promise<WrappedFfmpeg> {
  const dir = await mkdtemp(join(tmpdir(), 'hearthcast-wrapped-'));
  const log = join(dir, 'calls');
  const ffmpeg = join(dir, 'ffmpeg');
  await writeFile(log, '');
  // One line a call, written whole: several processes may begin at once.
  const note = `line=; for a in "$@"; do line="$line$a\t"; done; printf '%s\\n' "$line" >> '${log}'`;
  await writeFile(ffmpeg, `#!/bin/sh\n${note}\n${script}\nexec ${BINARIES.ffmpeg} "$@"\n`, { mode: 0o700 });
  return {
    binaries: { ...BINARIES, ffmpeg },
    async calls() {
      const lines = (await readFile(log, 'utf8')).split('\n').filter(Boolean);
      return lines.map((line) => line.split('\t').slice(0, -1));
    },
    [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true }),
  };
}
