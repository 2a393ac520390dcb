import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';

/** Films whose keyframes are kept on disk: about 20 KB each, so 160 MB at most in practice. */
const MAX_FILES = 8192;
/** Two million keyframes, more than any film has. */
const MAX_FILE_BYTES = 20 * 1024 * 1024;
const NAME = /^[0-9a-f]{8,128}-[0-9]{1,5}\.starts$/;

/** Keyframe times on disk, by content: they survive a restart, and a file that was moved. */
export interface KeyframeStore extends AsyncDisposable {
  /** Seconds, rising; null where there are none, or what lies there is damaged. */
  read(fingerprint: string, stream: number): Promise<number[] | null>;
  write(fingerprint: string, stream: number, times: readonly number[]): void;
}

/** Opens the store in `dir`, which belongs to it. The oldest beyond a number of files are removed. */
export function openKeyframeStore(options: { dir: string; log: Logger; maxFiles?: number }): KeyframeStore {
  const { dir, log, maxFiles = MAX_FILES } = options;
  let last: Promise<void> = cleaned(dir, maxFiles).catch((error: unknown) => {
    log.warn({ err: error }, 'the keyframe store cannot be cleaned');
  });
  const fileOf = (fingerprint: string, stream: number) => {
    const name = `${fingerprint}-${stream}.starts`;
    return NAME.test(name) ? join(dir, name) : null;
  };
  return {
    async read(fingerprint, stream) {
      const file = fileOf(fingerprint, stream);
      const bytes = file ? await readFile(file).catch(() => null) : null;
      return bytes ? timesOf(bytes) : null;
    },
    write(fingerprint, stream, times) {
      const file = fileOf(fingerprint, stream);
      if (!file || times.length * 8 > MAX_FILE_BYTES) return;
      const write = async () => {
        const part = `${file}.${randomBytes(6).toString('hex')}.part`;
        await mkdir(dir, { recursive: true, mode: 0o700 });
        await writeFile(part, new Uint8Array(Float64Array.from(times).buffer));
        await rename(part, file);
      };
      last = last.then(write).catch((error: unknown) => {
        log.warn({ err: error }, 'keyframes cannot be kept');
      });
    },
    async [Symbol.asyncDispose]() {
      await last;
    },
  };
}

/** What a crash left half-written is not taken for times: they are finite and rise. */
function timesOf(bytes: Buffer): number[] | null {
  if (bytes.length === 0 || bytes.length % 8 !== 0 || bytes.length > MAX_FILE_BYTES) return null;
  const times: number[] = [];
  for (let at = 0; at < bytes.length; at += 8) {
    const time = bytes.readDoubleLE(at);
    if (!Number.isFinite(time) || time <= (times.at(-1) ?? Number.NEGATIVE_INFINITY)) return null;
    times.push(time);
  }
  return times;
}

async function cleaned(dir: string, maxFiles: number): Promise<void> {
  const names = await readdir(dir).catch(() => []);
  const foreign = names.filter((name) => !NAME.test(name));
  const kept: { name: string; mtimeMs: number }[] = [];
  if (names.length - foreign.length > maxFiles) {
    for (const name of names.filter((each) => NAME.test(each))) {
      kept.push({ name, mtimeMs: (await stat(join(dir, name))).mtimeMs });
    }
    kept.sort((a, b) => b.mtimeMs - a.mtimeMs);
  }
  const old = kept.slice(maxFiles).map(({ name }) => name);
  await Promise.all([...foreign, ...old].map((name) => rm(join(dir, name), { force: true })));
}
