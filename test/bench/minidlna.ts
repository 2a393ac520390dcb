import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** It wants one, though nobody asks there. */
const PORT = 18_290;

const PROGRAM = 'minidlnad';

/** Longer than this nobody waits for it: the bench has five minutes for all that it measures. */
const MAX_SCAN_MS = 120_000;

/**
 * Seconds that minidlna takes for its first scan of a tree, or after which it was ended; null where it is not
 * installed. It reads containers in its own process, as few media servers do.
 */
export async function scanByMinidlna(tree: string, scratch: string): Promise<number | null> {
  const data = join(scratch, 'minidlna');
  await mkdir(data);
  const config = [
    ...[
      `port=${PORT}`,
      'network_interface=lo',
      'inotify=no',
      `media_dir=V,${tree}`,
      `db_dir=${data}`,
      `log_dir=${data}`,
    ],
    'log_level=general,artwork,database,inotify,scanner,metadata,http,ssdp,tivo=warn',
  ];
  await writeFile(join(data, 'conf'), config.join('\n'));
  const started = performance.now();
  const child = spawn(PROGRAM, ['-R', '-d', '-f', join(data, 'conf'), '-P', join(data, 'pid')], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // It scans in a child of its own, which is ended with it.
    detached: true,
  });
  const end = () => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    } catch {
      // They have ended by themselves.
    }
  };
  const gone = once(child, 'exit').catch(() => null);
  const failed = await Promise.race([once(child, 'error'), once(child, 'spawn').then(() => null)]);
  if (failed) return null;
  let took: number | null = null;
  const watch = async (stream: NodeJS.ReadableStream) => {
    for await (const line of createInterface({ input: stream })) {
      if (!/Initial file scan completed|finished \(\d+ files\)/.test(line)) continue;
      took ??= (performance.now() - started) / 1000;
      end();
    }
  };
  const late = setTimeout(end, MAX_SCAN_MS);
  await Promise.all([watch(child.stdout), watch(child.stderr), gone]);
  clearTimeout(late);
  return took ?? (performance.now() - started) / 1000;
}
