/** Ages of the words that one country alone, or all who use them, mean in the same way. */
const WORDS: Readonly<Record<string, number>> = {
  ...{ g: 0, pg: 8, 'pg-13': 13, r: 17, 'nc-17': 18, x: 18, approved: 0, passed: 0, m: 15, gp: 8 },
  ...{ 'tv-y': 0, 'tv-y7': 7, 'tv-y7-fv': 7, 'tv-g': 0, 'tv-pg': 8, 'tv-14': 14, 'tv-ma': 17 },
  ...{ u: 0, uc: 0, '12a': 12, r18: 18, atp: 0, al: 0, tp: 0, btl: 0, apta: 0, t: 0, l: 0, a: 18 },
  ...{ ma: 15, 'ma15+': 15, 'ma 15+': 15, 'r18+': 18, 'r 18+': 18, x18: 18, '14a': 14, '18a': 18, e: 0, k: 0, s: 0 },
};

/** Where a country means something else by a word that others use too. */
const COUNTRY_WORDS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  au: { m: 15, pg: 8, r: 18 },
  nz: { m: 16, r: 18 },
  ca: { r: 18, a: 18, g: 0 },
  us: { x: 18, m: 17 },
  se: { btl: 0 },
  br: { l: 0, a10: 10, a12: 12, a14: 14, a16: 16, a18: 18 },
};

/** Words that say that nobody has rated it. */
const UNRATED = new Set(['nr', 'not rated', 'unrated', 'ur', 'none', 'n/a', 'exempt']);

const OLDEST = 21;

/**
 * The youngest age that may watch what carries a certification, in years; null where it says nothing. Takes what
 * sidecar files print: `PG-13`, `DE:FSK 16`, `Rated R`, `us:TV-MA`, `16+`, `12A`, `BR-14`.
 */
export function ageOf(certification: string): number | null {
  const text = certification
    .trim()
    .toLowerCase()
    .replace(/^rated\s+/, '')
    .replace(/\s+/g, ' ');
  if (UNRATED.has(text)) return null;
  const [, country, rest] =
    /^([a-z]{2})\s*[:/]\s*(.+)$/.exec(text) ?? /^(br|de|gb|fr|nl|es|it)-(\d.*)$/.exec(text) ?? [];
  const word = rest ?? text;
  if (UNRATED.has(word)) return null;
  const known = COUNTRY_WORDS[country ?? '']?.[word] ?? WORDS[word];
  if (known !== undefined) return known;
  // Boards whose marks are the age itself: FSK 16, PEGI 12, -16, 16+, M/12, K-16, R15+, 18禁.
  const digits = /(\d{1,2})/.exec(word)?.[1];
  const age = digits === undefined ? Number.NaN : Number(digits);
  return age <= OLDEST ? age : null;
}
