/** More languages than a disc can have. */
const MAX_LANGUAGES = 32;

/** The language of each stream that a VobSub index (`.idx`) lists, in its order; null for one that it does not name. */
export function vobsubLanguages(text: string): (string | null)[] {
  const languages = [...text.matchAll(/^id: *([^,\s]{2,8}) *,/gm)].slice(0, MAX_LANGUAGES);
  return languages.map(([, code = '']) => (/^[a-z]{2,3}$/i.test(code) ? code.toLowerCase() : null));
}
