import { SEE_AS_HEADER, SeeAs } from '../../shared/api/users.ts';

/** Of this tab alone, and of its life: a view as somebody else is not to be forgotten. */
const KEY = 'hearthcast.see-as';

/** As whom this tab sees the catalog; null for one's own eyes. */
export function seenAs(): SeeAs | null {
  const view = SeeAs.safeParse(parse(sessionStorage.getItem(KEY)));
  return view.success && view.data.expiresAt > Date.now() ? view.data : null;
}

/** Begins a view. Everything that was read is read again with the other's eyes. */
export function beginView(view: SeeAs): void {
  sessionStorage.setItem(KEY, JSON.stringify(view));
  location.assign('/');
}

/** Ends it. */
export function endView(): void {
  sessionStorage.removeItem(KEY);
  location.assign('/admin/people');
}

/** What a request that reads carries for it. */
export function viewHeaders(): Record<string, string> {
  const view = seenAs();
  return view === null ? {} : { [SEE_AS_HEADER]: view.word };
}

function parse(text: string | null): unknown {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    return null;
  }
}
