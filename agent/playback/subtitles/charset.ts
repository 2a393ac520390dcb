/** What text of a language was written in before UTF-8, by ISO 639 codes of both lengths; names as iconv knows them. */
const BY_LANGUAGE: readonly (readonly [charset: string, ...languages: string[]])[] = [
  [
    'WINDOWS-1250',
    ...['pl', 'pol', 'cs', 'cze', 'ces', 'sk', 'slo', 'slk', 'hu', 'hun', 'sl', 'slv', 'hr', 'hrv', 'bs', 'bos'],
    ...['ro', 'rum', 'ron', 'sq', 'alb', 'sqi'],
  ],
  ['WINDOWS-1251', 'ru', 'rus', 'uk', 'ukr', 'be', 'bel', 'bg', 'bul', 'sr', 'srp', 'mk', 'mac', 'mkd'],
  ['WINDOWS-1253', 'el', 'gre', 'ell'],
  ['WINDOWS-1254', 'tr', 'tur', 'az', 'aze'],
  ['WINDOWS-1255', 'he', 'heb', 'iw'],
  ['WINDOWS-1256', 'ar', 'ara', 'fa', 'per', 'fas', 'ur', 'urd'],
  ['WINDOWS-1257', 'lt', 'lit', 'lv', 'lav', 'et', 'est'],
  ['WINDOWS-1258', 'vi', 'vie'],
  ['CP874', 'th', 'tha'],
  ['CP932', 'ja', 'jpn'],
  ['CP949', 'ko', 'kor'],
  ['BIG5', 'zh-tw', 'zh-hk', 'zh-hant', 'cht'],
  ['GB18030', 'zh', 'chi', 'zho', 'zh-cn', 'zh-hans', 'chs'],
];
/** Enough of a file to tell by. */
const LOOKED_AT = 64 * 1024;

/**
 * The encoding that ffmpeg must be told, or null where it knows: UTF-8, and UTF-16 with its mark. Else by the
 * track's language; of an unknown one Cyrillic is told by its look, and the rest taken for Windows' western one.
 */
export function charsetOf(bytes: Uint8Array, language: string | null): string | null {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return null;
  const head = bytes.subarray(0, LOOKED_AT);
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return null;
  } catch {
    const tag = language?.toLowerCase() ?? '';
    const charset = (code: string) => BY_LANGUAGE.find(([, ...languages]) => languages.includes(code))?.[0];
    const usual = looksCyrillic(head) ? 'WINDOWS-1251' : 'WINDOWS-1252';
    return charset(tag) ?? charset(tag.split('-')[0] ?? '') ?? usual;
  }
}

/** Western text has a foreign letter here and there; Cyrillic words are made of nothing else. */
function looksCyrillic(bytes: Uint8Array): boolean {
  let letters = 0;
  let pairs = 0;
  let before = false;
  for (const byte of bytes) {
    const letter = byte >= 0xc0;
    if (letter) letters++;
    if (letter && before) pairs++;
    before = letter;
  }
  return letters > 0 && pairs / letters > 0.5;
}
