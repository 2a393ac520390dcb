/** Rules of a `_headers` file in the form that the asset server takes them. */
export interface AssetHeaders {
  version: 2;
  rules: Record<string, { set: Record<string, string> }>;
}

/**
 * Parses a `_headers` file (a path on a line of its own, its headers indented below), which a deploy reads by
 * itself and Miniflare does not: without it the web app would have no security headers on one machine.
 */
export function parseAssetHeaders(text: string): AssetHeaders {
  const rules: AssetHeaders['rules'] = {};
  let set: Record<string, string> | undefined;
  for (const line of text.split('\n')) {
    if (!line.trim() || line.startsWith('#')) continue;
    if (!/^\s/.test(line)) {
      set = {};
      rules[line.trim()] = { set };
      continue;
    }
    const colon = line.indexOf(':');
    if (set && colon > 0) set[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
  }
  return { version: 2, rules };
}
