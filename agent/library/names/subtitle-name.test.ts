import { expect, test } from 'vitest';
import { externalSubtitles, isSubtitleName } from './subtitle-name.ts';

const CASES: [string, string | null][] = [
  ['Film.srt', '-'],
  ['Film.en.srt', 'en'],
  ['Film.eng.srt', 'eng'],
  ['Film.pt-BR.srt', 'pt-br'],
  ['Film.German.srt', 'de'],
  ['Film.en.forced.srt', 'en forced'],
  ['Film.forced.en.srt', 'en forced'],
  ['Film.en.sdh.srt', 'en sdh'],
  ['Film.en.cc.srt', 'en sdh'],
  ['Film.en.default.srt', 'en default'],
  ['Film.en.Director’s remarks.srt', 'en "Director’s remarks"'],
  ['FILM.EN.SRT', 'en'],
  ['Film.de.ass', 'de'],
  ['Film.de.vtt', 'de'],
  ['Film_en.srt', 'en'],
  ['Film 2.srt', null],
  ['Filmography.en.srt', null],
  ['Other.en.srt', null],
  ['Film.en.txt', null],
  ['Film.mkv', null],
];

test.each(CASES)('%s beside Film.mkv is %s', (name, expected) => {
  const [found] = externalSubtitles('Film', [name].filter(isSubtitleName));
  const words = found && [
    found.stream.language ?? '-',
    ...(found.stream.forced ? ['forced'] : []),
    ...(found.stream.sdh ? ['sdh'] : []),
    ...(found.stream.default ? ['default'] : []),
    ...(found.stream.title ? [`"${found.stream.title}"`] : []),
  ];
  expect(words?.join(' ') ?? null).toBe(expected);
});

test('an .idx and its .sub are one track of pictures, and a .sub alone is text', () => {
  const names = ['Film.de.idx', 'Film.de.sub', 'Film.en.sub', 'Film.fr.idx', 'Film.it.sup'].filter(isSubtitleName);
  const found = externalSubtitles('Film', names);
  expect(found.map(({ name, stream }) => [name, stream.codec, stream.form, stream.language])).toEqual([
    ['Film.de.idx', 'dvd_subtitle', 'image', 'de'],
    ['Film.en.sub', 'microdvd', 'text', 'en'],
    ['Film.it.sup', 'hdmv_pgs_subtitle', 'image', 'it'],
  ]);
});

test('external subtitles count from 1000 in the order of their names, whatever order the folder has', () => {
  const found = externalSubtitles('Film', ['Film.de.srt', 'Film.en.srt', 'x.jpg'].filter(isSubtitleName));
  expect(found.map(({ name, stream }) => [name, stream.index, stream.codec, stream.external])).toEqual([
    ['Film.de.srt', 1000, 'subrip', true],
    ['Film.en.srt', 1001, 'subrip', true],
  ]);
});
