/** Whatever has not ended by then is cut off: a supervisor waits two seconds. */
const GRACE_MS = 1800;
const PARENT_CHECK_MS = 1000;

/**
 * Aborts on SIGINT, SIGTERM and SIGHUP, and, when asked to, as soon as the parent process is gone: it holds
 * the other end of stdin, and a kill -9 of it leaves no other trace. With `onHangUp`, SIGHUP is that order instead.
 */
export function stopSignal(exitWithParent: boolean, onHangUp?: () => void): Disposable & { signal: AbortSignal } {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) return;
    controller.abort();
    setTimeout(() => process.exit(0), GRACE_MS).unref();
  };
  const signals: NodeJS.Signals[] = onHangUp ? ['SIGINT', 'SIGTERM'] : ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const name of signals) process.on(name, stop);
  if (onHangUp) process.on('SIGHUP', onHangUp);
  let timer: NodeJS.Timeout | undefined;
  if (exitWithParent) {
    const parent = process.ppid;
    process.stdin.on('end', stop).on('close', stop).on('error', stop).resume();
    timer = setInterval(() => {
      if (process.ppid !== parent) stop();
    }, PARENT_CHECK_MS);
    timer.unref();
  }
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      clearInterval(timer);
      for (const name of signals) process.off(name, stop);
      if (onHangUp) process.off('SIGHUP', onHangUp);
      if (exitWithParent) process.stdin.pause();
    },
  };
}
