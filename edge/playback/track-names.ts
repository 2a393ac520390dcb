/** Longest name of a track in a playlist. */
const MAX_NAME = 80;

interface Track {
  title: string | null;
  language: string | null;
}

/** One name for each track, none twice, safe inside a quoted string of a playlist. */
export function trackNames(tracks: readonly Track[]): string[] {
  const taken = new Set<string>();
  return tracks.map((track, at) => {
    const base = quotable(track.title ?? '') || languageName(track.language) || `Track ${at + 1}`;
    let name = base;
    for (let n = 2; taken.has(name); n++) name = `${base} (${n})`;
    taken.add(name);
    return name;
  });
}

/** A language as players know it (BCP 47), or null for none that is one; files say what they like. */
export function languageTag(language: string | null): string | null {
  if (language === null || !/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(language)) return null;
  return language.toLowerCase() === 'und' ? null : language;
}

/** Without what ends a quoted string or a line (RFC 8216, 4.2), and without half a character at the end. */
function quotable(text: string): string {
  const clean = text.replaceAll('"', '”').replace(/[\p{Cc}\p{Cf}\u2028\u2029\p{Cs}]+/gu, ' ');
  return [...clean.trim()].slice(0, MAX_NAME).join('');
}

function languageName(language: string | null): string {
  const tag = languageTag(language);
  if (!tag) return '';
  try {
    return quotable(new Intl.DisplayNames(['en'], { type: 'language', fallback: 'code' }).of(tag) ?? tag);
  } catch {
    return tag;
  }
}
