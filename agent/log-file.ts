import { createWriteStream, mkdirSync, renameSync, statSync, type WriteStream } from 'node:fs';
import { dirname } from 'node:path';

/** A log that has grown to this is set aside; the one before it goes. */
export const MAX_LOG_BYTES = 5 * 1024 * 1024;

/** A log on disk that never takes more than twice its limit. A full disk stops the log, not the films. */
export function openLogFile(path: string, maxBytes = MAX_LOG_BYTES): { write(line: string): void } & Disposable {
  let stream: WriteStream | null = null;
  let bytes = 0;
  const open = () => {
    mkdirSync(dirname(path), { recursive: true });
    try {
      bytes = statSync(path).size;
      if (bytes >= maxBytes) {
        renameSync(path, `${path}.1`);
        bytes = 0;
      }
    } catch {
      bytes = 0;
    }
    stream = createWriteStream(path, { flags: 'a', mode: 0o600 });
    stream.on('error', () => undefined);
  };
  open();
  return {
    write(line) {
      bytes += Buffer.byteLength(line);
      if (bytes >= maxBytes) {
        stream?.end();
        open();
      }
      stream?.write(line);
    },
    [Symbol.dispose]: () => void stream?.end(),
  };
}
