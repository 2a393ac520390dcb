import { createWriteStream, renameSync, statSync, type WriteStream } from 'node:fs';

/** A log that grew past this is set aside at the next start; one older is kept. */
const MAX_LOG_BYTES = 10 * 1024 * 1024;

/** Opens a log file for appending; a full disk stops the log, not the films. */
export function openLog(file: string): WriteStream {
  try {
    if (statSync(file).size > MAX_LOG_BYTES) renameSync(file, `${file}.1`);
  } catch {
    // There is none yet.
  }
  const stream = createWriteStream(file, { flags: 'a', mode: 0o600 });
  stream.on('error', () => undefined);
  return stream;
}
