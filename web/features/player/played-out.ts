/** Resolves when what is buffered has been shown, or at once where the film stands already; and when it is given up. */
export function playedOut(video: HTMLVideoElement, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (video.readyState < HTMLMediaElement.HAVE_FUTURE_DATA) return resolve();
    const done = () => resolve();
    video.addEventListener('waiting', done, { once: true, signal });
    signal.addEventListener('abort', done, { once: true });
  });
}
