import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Metadata } from '../../../shared/protocol/sync.ts';
import { idsInLinks, idsInName } from './external-ids.ts';
import { type Sidecar, sidecarOf } from './sidecar.ts';
import { soundSidecar } from './sound-metadata.ts';
import { parseXml } from './xml.ts';

const read = (text: string): Sidecar => soundSidecar(sidecarOf(Buffer.from(text)));
const only = (text: string) => {
  const { documents, problem } = read(text);
  expect(problem).toBeNull();
  expect(documents).toHaveLength(1);
  return documents[0];
};

test('a movie as Kodi exports it gives everything that the catalog can hold', () => {
  const document = only(`<?xml version="1.0" encoding="UTF-8" standalone="yes" ?>
    <movie>
      <title>Lola rennt</title><originaltitle>Lola rennt</originaltitle><sorttitle>Lola</sorttitle>
      <ratings><rating name="imdb" max="10"><value>7.6</value></rating>
        <rating name="tmdb" max="100" default="true"><value>72</value></rating></ratings>
      <userrating>0</userrating><plot>She runs &amp; runs.</plot><tagline>Run.</tagline><runtime>81</runtime>
      <mpaa>Rated R for some violence</mpaa><uniqueid type="imdb" default="true">tt0130827</uniqueid>
      <uniqueid type="tmdb">104</uniqueid><genre>Action / Thriller</genre><genre>Drama</genre><tag>berlin</tag>
      <set><name>Runners</name><overview>x</overview></set><credits>Tom Tykwer</credits><director>Tom Tykwer</director>
      <premiered>1998-08-20</premiered><studio>X-Filme</studio><dateadded>2021-03-04 05:06:07</dateadded>
      <actor><name>Franka Potente</name><role>Lola</role><order>0</order><thumb>http://x/y.jpg</thumb></actor>
      <actor><name>A Guest</name><type>GuestStar</type></actor>
    </movie>`);
  expect(document).toEqual({
    ...{ kind: 'movie', title: 'Lola rennt', series: null, year: 1998, season: null, episode: null },
    metadata: {
      externalIds: { imdb: 'tt0130827', tmdb: '104' },
      ...{ originalTitle: 'Lola rennt', sortTitle: 'Lola', overview: 'She runs & runs.', tagline: 'Run.' },
      ...{ premieredAt: '1998-08-20', runtimeMin: 81, genres: ['Action', 'Thriller', 'Drama'], tags: ['berlin'] },
      studios: ['X-Filme'],
      people: [
        { name: 'Tom Tykwer', role: 'director' },
        { name: 'Tom Tykwer', role: 'writer' },
        { name: 'Franka Potente', role: 'actor', character: 'Lola' },
        { name: 'A Guest', role: 'guest' },
      ],
      ...{ rating: 7.2, certification: 'R', collections: ['Runners'], dateAdded: '2021-03-04' },
    },
  });
});

test('a series has its ids where older programs wrote them', () => {
  const document = only(
    '<tvshow><title>Show</title><id>81189</id><imdb_id>tt0903747</imdb_id><year>2008</year></tvshow>',
  );
  expect(document).toMatchObject({ kind: 'series', title: 'Show', year: 2008 });
  expect(document?.metadata.externalIds).toEqual({ tvdb: '81189', imdb: 'tt0903747' });
});

test('one file describes two episodes', () => {
  const { documents } = read(
    '<episodedetails><episode>1</episode><season>2</season></episodedetails>\n<episodedetails><episode>2</episode><season>2</season></episodedetails>',
  );
  expect(documents.map(({ kind, season, episode }) => [kind, season, episode])).toEqual([
    ['episode', 2, 1],
    ['episode', 2, 2],
  ]);
});

test('an address alone, or behind the XML, gives the id', () => {
  expect(only('https://www.imdb.com/title/tt0133093/')).toMatchObject({
    kind: 'links',
    metadata: { externalIds: { imdb: 'tt0133093' } },
  });
  const both = only('<movie><title>X</title></movie>\nhttps://www.themoviedb.org/movie/603-the-matrix');
  expect(both).toMatchObject({ kind: 'movie', metadata: { externalIds: { tmdb: '603' } } });
  expect(idsInLinks('https://thetvdb.com/?tab=series&id=81189')).toEqual({ tvdb: '81189' });
});

test('release notes and drawings say nothing and are no problem', () => {
  expect(read('░▒▓ SOME GROUP ▓▒░\nEnjoy!')).toEqual({ documents: [], problem: null });
  expect(read('')).toEqual({ documents: [], problem: null });
});

test.each([
  ['cut off', '<movie><title>Fil'],
  ['closed by another name', '<movie><title>Film</titel></movie>'],
  ['with a document type', '<!DOCTYPE x [<!ENTITY a "b">]><movie><title>&a;</title></movie>'],
  ['nested without end', '<a>'.repeat(50)],
  ['of countless elements', `<movie>${'<b/>'.repeat(30_000)}</movie>`],
])('XML %s is a problem with a sentence', (_, text) => {
  const { documents, problem } = read(text);
  expect(documents).toEqual([]);
  expect(problem).toMatch(/^The NFO file is broken: .+/);
});

test('unknown entities and bare ampersands stay as they are, and nothing is expanded', () => {
  const { elements } = parseXml('<a b="x &lt; y">Tom & Jerry &nbsp; &#65;&#x42; &lol;</a>');
  expect(elements[0]?.text).toBe('Tom & Jerry &nbsp; AB &lol;');
  expect(elements[0]?.attributes.get('b')).toBe('x < y');
});

test('fields that make no sense are left out, the others stay', () => {
  const document = only(`<movie><title>X</title><year>soon</year><runtime>-5</runtime><rating>77</rating>
    <premiered>0000-00-00</premiered><uniqueid type="imdb">../../etc</uniqueid><genre>${'g'.repeat(300)}</genre><plot>P</plot></movie>`);
  expect(document).toMatchObject({ title: 'X', year: null, metadata: { overview: 'P' } });
  expect(Object.keys(document?.metadata ?? {})).toEqual(['overview']);
});

test('texts of old Windows programs and of UTF-16 are read', () => {
  const latin = Buffer.from('<movie><title>Gr\xfc\xdfe</title></movie>', 'latin1');
  expect(sidecarOf(latin).documents[0]?.title).toBe('Grüße');
  const wide = Buffer.concat([
    Buffer.from([0xff, 0xfe]),
    Buffer.from('<movie><title>Grüße</title></movie>', 'utf16le'),
  ]);
  expect(sidecarOf(wide).documents[0]?.title).toBe('Grüße');
});

describe('whatever the bytes are', () => {
  const words = [
    '<movie>',
    '</movie>',
    '<title>',
    '</title>',
    '<actor><name>',
    '</name></actor>',
    '<!--',
    '-->',
    '<![CDATA[',
    ']]>',
    '&amp;',
    '&#x1;',
    'x',
    '\0',
    '"',
    '<a b="',
    "='",
    '/>',
  ];
  test('reading a sidecar ends with sound metadata or a problem', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.constantFrom(...words), fc.string({ maxLength: 5 })), { maxLength: 60 }),
        (parts) => {
          const { documents, problem } = read(parts.join(''));
          expect(problem === null || problem.length <= 500).toBe(true);
          for (const { metadata } of documents) expect(Metadata.safeParse(metadata).error).toBeUndefined();
        },
      ),
      { numRuns: 2000 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(Array.isArray(sidecarOf(Buffer.from(bytes)).documents)).toBe(true);
      }),
    );
  });
});

test.each([
  ['Film (1999) {imdb-tt0133093}', { imdb: 'tt0133093' }],
  ['Film (1999) [tmdbid=603]', { tmdb: '603' }],
  ['Show [tvdbid-81189] {tmdb-1396}', { tvdb: '81189', tmdb: '1396' }],
  ['Film [tt0133093]', { imdb: 'tt0133093' }],
  ['Film {edition-Final Cut} [1080p]', {}],
  ['Film {imdb-nonsense}', {}],
])('%s carries the ids %j', (name, ids) => {
  expect(idsInName(name)).toEqual(ids);
});
