/** What a key does in the player. */
export type PlayerAction =
  | { do: 'toggle-play' | 'toggle-fullscreen' | 'toggle-mute' | 'toggle-subtitles' | 'toggle-help' | 'leave' }
  | { do: 'seek-by'; seconds: number }
  | { do: 'seek-to'; fraction: number }
  | { do: 'volume-by'; step: number };

const SEEK_S = 10;
const SMALL_SEEK_S = 5;
const VOLUME_STEP = 0.05;

const KEYS: Readonly<Record<string, PlayerAction>> = {
  ' ': { do: 'toggle-play' },
  k: { do: 'toggle-play' },
  j: { do: 'seek-by', seconds: -SEEK_S },
  l: { do: 'seek-by', seconds: SEEK_S },
  ArrowLeft: { do: 'seek-by', seconds: -SMALL_SEEK_S },
  ArrowRight: { do: 'seek-by', seconds: SMALL_SEEK_S },
  ArrowUp: { do: 'volume-by', step: VOLUME_STEP },
  ArrowDown: { do: 'volume-by', step: -VOLUME_STEP },
  Home: { do: 'seek-to', fraction: 0 },
  End: { do: 'seek-to', fraction: 1 },
  f: { do: 'toggle-fullscreen' },
  m: { do: 'toggle-mute' },
  c: { do: 'toggle-subtitles' },
  '?': { do: 'toggle-help' },
  Escape: { do: 'leave' },
};

export interface KeyPress {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
}

/** The action of a key press; null for what belongs to the browser. Digits go to tenths of the film. */
export function keyAction({ key, ctrlKey, metaKey, altKey }: KeyPress): PlayerAction | null {
  if (ctrlKey || metaKey || altKey) return null;
  if (/^[0-9]$/.test(key)) return { do: 'seek-to', fraction: Number(key) / 10 };
  const name = Object.hasOwn(KEYS, key) ? key : key.toLowerCase();
  return Object.hasOwn(KEYS, name) ? (KEYS[name] ?? null) : null;
}

/** The keys as the help shows them. */
export const KEY_HELP: readonly (readonly [keys: string, what: string])[] = [
  ['Space  K', 'Play or pause'],
  ['←  →', 'Back or on by 5 s'],
  ['J  L', 'Back or on by 10 s'],
  ['↑  ↓', 'Louder or quieter'],
  ['M', 'Mute'],
  ['F', 'Full screen'],
  ['C', 'Subtitles on or off'],
  ['0 – 9', 'To a tenth of the film'],
  ['Esc', 'Leave'],
];
