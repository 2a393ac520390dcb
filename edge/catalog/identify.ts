import { sourceOf, type TopName } from './keys.ts';

/** An item that a key leads to. */
export interface Found {
  /** Null for one that this batch makes. */
  id: number | null;
  key: string;
  year: number | null;
  /** External keys that lead to it. */
  ids: readonly string[];
}

/** What the catalog knows of the names of a batch. */
export interface KnownNames {
  byKey: ReadonlyMap<string, Found>;
  /** Items of a title with any year, by the key without it. */
  withYear: ReadonlyMap<string, readonly Found[]>;
  isApart(a: number, b: number): boolean;
}

/** Which item each name is of, and what that teaches the catalog. */
export interface Identified {
  /** The item's key, in the order of the names. */
  keys: string[];
  /** More keys of items: [key, the item's key]. */
  learned: (readonly [key: string, itemKey: string])[];
  /** Items that turn out to be another one. */
  merges: { sourceId: number; targetId: number }[];
}

/**
 * Decides which item each name is of: that of an external id, else that of the title and year, else the only one
 * of the title where one side does not know the year, else a new one. Names of one batch see what those before
 * them made.
 */
export function identify(names: readonly TopName[], known: KnownNames): Identified {
  const byKey = new Map([...known.byKey].map(([key, found]) => [key, { ...found, ids: [...found.ids] }]));
  const made = new Map<string, (Found & { ids: string[] })[]>();
  const result: Identified = { keys: [], learned: [], merges: [] };

  for (const name of names) {
    const byId = name.ids.map((id) => byKey.get(id)).find((found) => found !== undefined);
    let byTitle = byKey.get(name.key) ?? nearly(name);
    if (byTitle && !byId && differs(byTitle, name.ids)) byTitle = undefined;
    let item = byId ?? byTitle;
    if (byId && byTitle && byId.key !== byTitle.key) {
      const apart = byId.id !== null && byTitle.id !== null && known.isApart(byId.id, byTitle.id);
      if (apart) item = byTitle;
      else if (byId.id !== null && byTitle.id !== null && byTitle.ids.length === 0) {
        result.merges.push({ sourceId: byTitle.id, targetId: byId.id });
        for (const [key, found] of byKey) if (found === byTitle) byKey.set(key, byId);
      }
    }
    if (!item) {
      // A title whose name is taken by one with another id of the same catalogue gets a key of its own.
      const taken = byKey.has(name.key);
      item = { id: null, key: taken ? `${name.key}${name.ids[0] ?? ''}` : name.key, year: name.year, ids: [] };
      if (name.yearless !== null) made.set(name.yearless, [...(made.get(name.yearless) ?? []), item]);
    }
    item.year ??= name.year;
    for (const key of [name.key, item.key, ...name.ids]) {
      if (byKey.has(key)) continue;
      byKey.set(key, item);
      if (key !== item.key) result.learned.push([key, item.key]);
      if (name.ids.includes(key)) item.ids.push(key);
    }
    result.keys.push(item.key);
  }
  return result;

  function nearly({ yearless, year }: TopName): (Found & { ids: string[] }) | undefined {
    if (yearless === null) return undefined;
    if (year !== null) {
      const without = byKey.get(yearless);
      return without?.year === null ? without : undefined;
    }
    const stored = (known.withYear.get(yearless) ?? []).map(
      (found) => byKey.get(found.key) ?? remember({ ...found, ids: [...found.ids] }),
    );
    const candidates = [...new Set([...stored, ...(made.get(yearless) ?? [])])];
    return candidates.length === 1 ? candidates[0] : undefined;
  }

  function remember(found: Found & { ids: string[] }): Found & { ids: string[] } {
    byKey.set(found.key, found);
    return found;
  }
}

/** Whether an item is known by another id of a catalogue that the name has an id of too. */
function differs(item: Found, ids: readonly string[]): boolean {
  return ids.some((id) => !item.ids.includes(id) && item.ids.some((known) => sourceOf(known) === sourceOf(id)));
}
