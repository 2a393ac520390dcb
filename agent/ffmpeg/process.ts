import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import type { Readable } from 'node:stream';

/** How much of a process's stderr is kept: the end of it, where ffmpeg says why it stopped. */
const STDERR_KEPT_BYTES = 16 * 1024;

export interface Running {
  readonly pid: number | undefined;
  readonly stdout: Readable;
  /** The last lines that it wrote to stderr. */
  stderrTail(): string;
  /** Resolves once the process is gone; never rejects. `code` is null after a signal or a failed start. */
  readonly exit: Promise<{ code: number | null; error: Error | null }>;
  /** SIGKILL: ffmpeg ignores SIGTERM while it is blocked on a full pipe. */
  kill(): void;
}

/**
 * The one place that starts a process. `args` go to the system as an array: no shell reads them. Aborting
 * the signal kills it. `env` is added to this process's own; `cwd` is the folder that it works in.
 */
export function start(
  binary: string,
  args: readonly string[],
  options: {
    signal?: AbortSignal;
    background?: boolean;
    env?: Readonly<Record<string, string>>;
    cwd?: string;
  } = {},
): Running {
  const child: ChildProcessByStdio<null, Readable, Readable> = spawn(binary, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.env ? { env: { ...process.env, ...options.env } } : {}),
  });
  if (options.background) yieldTo(child.pid);
  let tail = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    tail = (tail + text).slice(-STDERR_KEPT_BYTES);
  });
  const kill = () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
  };
  const exit = new Promise<{ code: number | null; error: Error | null }>((resolve) => {
    child.once('error', (error) => resolve({ code: null, error }));
    child.once('close', (code) => resolve({ code, error: null }));
  });
  const { signal } = options;
  if (signal) {
    if (signal.aborted) kill();
    signal.addEventListener('abort', kill, { once: true });
    void exit.then(() => signal.removeEventListener('abort', kill));
  }
  return { pid: child.pid, stdout: child.stdout, stderrTail: () => tail, exit, kill };
}

export interface Finished {
  code: number | null;
  stdout: Buffer;
  stderr: string;
  /** True when the time or the size limit ended it. */
  limited: boolean;
}

/**
 * Runs a process to its end and collects its output, within limits of time and size. One in the `background` leaves
 * the processor to all others.
 */
export async function run(
  binary: string,
  args: readonly string[],
  options: { signal?: AbortSignal; timeoutMs: number; maxStdoutBytes: number; background?: boolean },
): Promise<Finished> {
  const { signal, background = false } = options;
  const running = start(binary, args, { background, ...(signal ? { signal } : {}) });
  const chunks: Buffer[] = [];
  let size = 0;
  let limited = false;
  const limit = () => {
    limited = true;
    running.kill();
  };
  const timer = setTimeout(limit, options.timeoutMs);
  running.stdout.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > options.maxStdoutBytes) limit();
    else chunks.push(chunk);
  });
  const { code, error } = await running.exit;
  clearTimeout(timer);
  options.signal?.throwIfAborted();
  if (error) throw error;
  return { code, stdout: Buffer.concat(chunks), stderr: running.stderrTail(), limited };
}

function yieldTo(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    setPriority(pid, constants.priority.PRIORITY_LOW);
  } catch {
    // It is gone already, or the system does not let us: it runs like any other.
  }
}
