/**
 * The line, from 1, on which a key of a TOML document that parses is set: `update.mode`, or with `nth` the key of
 * the nth block of an array of tables. Where the key has no line of its own, that of its table; else the first.
 */
export function lineOf(text: string, name: string, nth = 0): number {
  const blocks = new Map<string, number>();
  let table = '';
  let ofTable = 1;
  const lines = text.split('\n');
  const parent = name.includes('.') ? name.slice(0, name.lastIndexOf('.')) : '';
  for (const [i, line] of lines.entries()) {
    const header = /^\s*\[(\[)?\s*([^\]]+?)\s*\]/.exec(line);
    if (header) {
      table = clean(header[2] ?? '');
      const block = (blocks.get(table) ?? -1) + 1;
      blocks.set(table, block);
      if (table === parent && block === nth) ofTable = i + 1;
      if (table === name) return i + 1;
      continue;
    }
    const key = /^\s*([A-Za-z0-9_."'-]+(?:\s*\.\s*[A-Za-z0-9_"'-]+)*)\s*=/.exec(line)?.[1];
    if (key === undefined || (blocks.get(table) ?? 0) !== (table === parent ? nth : (blocks.get(table) ?? 0))) continue;
    const full = table ? `${table}.${clean(key)}` : clean(key);
    if (full === name || name.startsWith(`${full}.`)) return i + 1;
  }
  return ofTable;
}

const clean = (key: string) => key.replace(/["'\s]/g, '');
