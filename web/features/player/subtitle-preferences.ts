/** How large subtitles are drawn, as a factor of the usual size. */
export const SUBTITLE_SIZES = [
  { value: 0.75, label: 'Small' },
  { value: 1, label: 'Normal' },
  { value: 1.35, label: 'Large' },
] as const;

const CHOICE_KEY = 'hearthcast.subtitles';
const SIZE_KEY = 'hearthcast.subtitle-size';
const OFFSETS_KEY = 'hearthcast.subtitle-offsets';
/** Titles whose offset is remembered, the last used ones. */
const MAX_OFFSETS = 200;
const MAX_OFFSET_S = 600;

type Kept = Pick<Storage, 'getItem' | 'setItem'>;

/** The language of the text track that was chosen last, `off`, or null when nothing was ever chosen. */
export function rememberedSubtitle(): string | null {
  return localStorage.getItem(CHOICE_KEY);
}

export function rememberSubtitle(choice: string): void {
  localStorage.setItem(CHOICE_KEY, choice);
}

export function subtitleSize(storage: Kept): number {
  const kept = Number(storage.getItem(SIZE_KEY));
  return SUBTITLE_SIZES.some(({ value }) => value === kept) ? kept : 1;
}

export function keepSubtitleSize(storage: Kept, size: number): void {
  storage.setItem(SIZE_KEY, String(size));
}

/** By how many seconds an item's subtitles come later (earlier where negative) than their file says. */
export function subtitleOffset(storage: Kept, itemId: string): number {
  return offsetsIn(storage).find(([id]) => id === itemId)?.[1] ?? 0;
}

export function keepSubtitleOffset(storage: Kept, itemId: string, seconds: number): void {
  const others = offsetsIn(storage).filter(([id]) => id !== itemId);
  const kept = seconds === 0 ? others : [...others, [itemId, seconds] as const];
  storage.setItem(OFFSETS_KEY, JSON.stringify(kept.slice(-MAX_OFFSETS)));
}

/** A step more or less, in tenths, within what is of use. */
export function movedOffset(seconds: number, by: number): number {
  const moved = Math.round((seconds + by) * 10) / 10;
  return Math.max(-MAX_OFFSET_S, Math.min(MAX_OFFSET_S, moved));
}

/** `+0.5 s`, `−1.2 s`, `0 s`. */
export function offsetWords(seconds: number): string {
  if (seconds === 0) return '0 s';
  return `${seconds > 0 ? '+' : '−'}${Math.abs(seconds).toFixed(1)} s`;
}

function offsetsIn(storage: Kept): (readonly [string, number])[] {
  try {
    const kept: unknown = JSON.parse(storage.getItem(OFFSETS_KEY) ?? '[]');
    return Array.isArray(kept) ? kept.filter(isOffset) : [];
  } catch {
    return [];
  }
}

const isOffset = (entry: unknown): entry is readonly [string, number] =>
  Array.isArray(entry) &&
  typeof entry[0] === 'string' &&
  typeof entry[1] === 'number' &&
  Math.abs(entry[1]) <= MAX_OFFSET_S;
