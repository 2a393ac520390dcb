const KEY = 'hearthcast.entered';

/** Somebody else may be signed in from now on: other tabs show what the one before was to see. */
export function tellOtherTabs(): void {
  localStorage.setItem(KEY, crypto.getRandomValues(new Uint32Array(2)).join('-'));
}

/** Begins anew when another tab has let somebody in. */
export function followOtherTabs(): void {
  window.addEventListener('storage', (event) => {
    if (event.key === KEY) location.reload();
  });
}
