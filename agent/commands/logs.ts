import { createReadStream, existsSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AgentConfig } from '../config.ts';
import { AgentError, EXIT } from '../exit-codes.ts';
import { installationOf } from '../update/installation.ts';

const FOLLOW_MS = 500;
/** What is read from the end of a log to find its last lines. */
const TAIL_BYTES = 512 * 1024;

/** `logs`: the last lines of the log, and with `follow` those that come. Stops with the signal. */
export async function showLogs(
  config: AgentConfig,
  { lines, follow }: { lines: number; follow: boolean },
  signal: AbortSignal,
): Promise<number> {
  const file = config.logFile;
  if (file === null || !existsSync(file)) throw new AgentError(elsewhere(file));
  let at = statSync(file).size;
  process.stdout.write(await lastLines(file, at, lines));
  while (follow && !signal.aborted) {
    await sleep(FOLLOW_MS, undefined, { signal }).catch(() => {});
    const { size } = statSync(file);
    // A log that was set aside begins anew.
    if (size < at) at = 0;
    if (size === at) continue;
    for await (const piece of createReadStream(file, { start: at, end: size - 1 }))
      process.stdout.write(piece as Buffer);
    at = size;
  }
  return EXIT.ok;
}

async function lastLines(file: string, size: number, count: number): Promise<string> {
  await using handle = await open(file);
  const start = Math.max(0, size - TAIL_BYTES);
  const bytes = Buffer.alloc(size - start);
  await handle.read(bytes, 0, bytes.length, start);
  const lines = bytes.toString('utf8').split('\n');
  // The text ends with a line break, and behind it is an empty line.
  return lines.slice(-count - 1).join('\n');
}

function elsewhere(file: string | null): string {
  const installation = installationOf();
  if (installation.kind === 'container') return 'This agent logs to its container: "docker logs" shows it.';
  if (installation.kind === 'installed' && installation.record.service.kind === 'systemd') {
    return 'There is no log file here: "journalctl -u hearthcast-agent" shows what the service has logged.';
  }
  return file === null
    ? 'This agent logs to its terminal only: log_file in its configuration (or --log-file) names a file.'
    : `There is no ${file} yet: the agent has not run.`;
}
