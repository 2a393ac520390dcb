import { createClient } from './client.ts';
import { viewHeaders } from './see-as.ts';
import { sessionRefresh } from './session-refresh.ts';

const BOOKMARK_KEY = 'hearthcast.bookmark';
const CLOCK_KEY = 'hearthcast.session-ends-at';
/** Renewed this long before the end, so that pictures and the event socket never meet an expired cookie. */
const RENEW_AHEAD_MS = 60_000;

let signedOut: () => void = () => {};

/** The router says here what happens when the session has ended. */
export function onSignedOut(handler: () => void): void {
  signedOut = handler;
}

const browserFetch: typeof fetch = (input, init) => fetch(input, init);

export const session = sessionRefresh({
  fetch: browserFetch,
  clock: {
    read: () => Number(localStorage.getItem(CLOCK_KEY) ?? 0),
    write: (at) => localStorage.setItem(CLOCK_KEY, String(at)),
  },
  // Web Locks exist on https and localhost only; elsewhere a tab is alone with itself.
  alone: (task) =>
    'locks' in navigator ? navigator.locks.request('hearthcast.refresh', task) : Promise.resolve().then(task),
  now: Date.now,
});

export const api = createClient({
  fetch: browserFetch,
  session,
  onSignedOut: () => signedOut(),
  bookmark: {
    read: () => localStorage.getItem(BOOKMARK_KEY),
    write: (bookmark) => localStorage.setItem(BOOKMARK_KEY, bookmark),
  },
  readHeaders: viewHeaders,
});

/** Keeps the session fresh while a signed-in page is open; stops with the signal. */
export function keepSessionFresh(signal: AbortSignal): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const renewWhenDue = () => {
    clearTimeout(timer);
    if (signal.aborted) return;
    const dueIn = session.expiresAt() - RENEW_AHEAD_MS - Date.now();
    if (dueIn > 0) {
      timer = setTimeout(renewWhenDue, dueIn);
      return;
    }
    session.refresh().then(
      (ok) => (ok ? renewWhenDue() : undefined),
      () => {
        timer = setTimeout(renewWhenDue, RENEW_AHEAD_MS / 2);
      },
    );
  };
  const onVisible = () => {
    if (document.visibilityState === 'visible') renewWhenDue();
  };
  document.addEventListener('visibilitychange', onVisible, { signal });
  signal.addEventListener('abort', () => clearTimeout(timer));
  renewWhenDue();
}
