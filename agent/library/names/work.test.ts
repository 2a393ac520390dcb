import { expect, test } from 'vitest';
import type { Work } from '../../../shared/protocol/sync.ts';
import { workOf } from './work.ts';

/** Path below a root "Media" of a library "Media", and what it is. Films carry `title|year`. */
const FILMS: [string, string][] = [
  ['Lighthouse (2021).mkv', 'Lighthouse|2021'],
  ['Lighthouse (2021)/Lighthouse (2021).mp4', 'Lighthouse|2021'],
  ['Lighthouse (2021)/movie.mp4', 'Lighthouse|2021'],
  ['Lighthouse (2021)/Lighthouse.mp4', 'Lighthouse|2021'],
  ['Lighthouse (2021)/lighthouse.2021.1080p.bluray.x264-grp.mkv', 'Lighthouse|2021'],
  ['Lighthouse (2021)/Lighthouse (2021) - 2160p.mkv', 'Lighthouse|2021'],
  ['Lighthouse (2021)/Lighthouse (2021) [imdbid-tt0000001].mkv', 'Lighthouse|2021'],
  ['Lighthouse (2021) {tmdb-603}/Lighthouse.mkv', 'Lighthouse|2021'],
  ['Lighthouse [2021].mkv', 'Lighthouse|2021'],
  ['Title.2010.1080p.BluRay.x264-GRP.mkv', 'Title|2010'],
  ['Title.2010.mkv', 'Title|2010'],
  ['Title 2010.mkv', 'Title|2010'],
  ['Title 2010 1080p.mkv', 'Title|2010'],
  ['Title_2010_720p.mkv', 'Title|2010'],
  ['Two.Word.Title.1999.PROPER.720p.WEB-DL.H264-GRP.mkv', 'Two Word Title|1999'],
  ['The.Film.2019.GERMAN.DL.1080p.BluRay.x265-GRP.mkv', 'The Film|2019'],
  ['The Film 2019 UHD BluRay 2160p TrueHD Atmos 7.1 HEVC REMUX-GRP.mkv', 'The Film|2019'],
  ['2012.2009.1080p.BluRay.mkv', '2012|2009'],
  ['2012 (2009).mkv', '2012|2009'],
  ['1917 (2019).mkv', '1917|2019'],
  ['1917.2019.1080p.mkv', '1917|2019'],
  ['Blade Runner 2049 (2017).mkv', 'Blade Runner 2049|2017'],
  ['Blade.Runner.2049.2017.2160p.mkv', 'Blade Runner 2049|2017'],
  ['2001 A Space Odyssey (1968).mkv', '2001 A Space Odyssey|1968'],
  ['2001.A.Space.Odyssey.1968.1080p.mkv', '2001 A Space Odyssey|1968'],
  ['Wonder.Woman.1984.2020.1080p.mkv', 'Wonder Woman 1984|2020'],
  ['Se7en (1995).mkv', 'Se7en|1995'],
  ['WALL·E (2008).mkv', 'WALL·E|2008'],
  ['WALL-E (2008).mkv', 'WALL-E|2008'],
  ['Dr. Strangelove (1964).mkv', 'Dr. Strangelove|1964'],
  ['Mr. & Mrs. Smith (2005).mkv', 'Mr. & Mrs. Smith|2005'],
  ['S.W.A.T. (2003).mkv', 'S W A T|2003'],
  ['Amélie (2001).mkv', 'Amélie|2001'],
  ['千と千尋の神隠し (2001).mkv', '千と千尋の神隠し|2001'],
  ['(500) Days of Summer (2009).mkv', '(500) Days of Summer|2009'],
  ['Film (Director’s Cut) (1982).mkv', 'Film (Director’s Cut)|1982'],
  ['Film (1982) Director’s Cut.mkv', 'Film|1982'],
  ['Film (1982) (Extended).mkv', 'Film|1982'],
  ['Extended.Family.2011.1080p.mkv', 'Extended Family|2011'],
  ['Web of Lies (2008).mkv', 'Web of Lies|2008'],
  ['The Dual (2013).mkv', 'The Dual|2013'],
  ['Metropolis (1927).avi', 'Metropolis|1927'],
  ['[Group] Paper Lanterns (1998) [1080p].mkv', 'Paper Lanterns|1998'],
  ['Alien 3 (1992)/Alien 3.mkv', 'Alien 3|1992'],
  ['Collection/Alien (1979).mkv', 'Alien|1979'],
  ['Box (2000)/Alien (1979).mkv', 'Alien|1979'],
  ['Deep/Er/Folders/Alien (1979)/Alien.mkv', 'Alien|1979'],
  ["Ocean's Eleven (2001).mkv", "Ocean's Eleven|2001"],
  ['Film – Untertitel (2014).mkv', 'Film – Untertitel|2014'],
  ['Movies/Plain Title.mkv', 'Plain Title|'],
  ['Filme/Ohne Jahr.mkv', 'Ohne Jahr|'],
  ['Movies/Plain.Title.1080p.BluRay.x264-GRP.mkv', 'Plain Title|'],
  ['Movies/Plain Title/video.mkv', 'Plain Title|'],
  ['Movies/1917.mkv', '1917|'],
];

/** `series|year|SxE|title`. */
const EPISODES: [string, string][] = [
  ['Show/Season 01/Show - S01E02 - Title.mkv', 'Show||1x2|Title'],
  ['Show (2005)/Season 01/Show (2005) - S01E02 - Title.mkv', 'Show|2005|1x2|Title'],
  ['Show (2005)/Season 1/S01E02.mkv', 'Show|2005|1x2|'],
  ['Show (2005)/Season 01/Show S01E02.mkv', 'Show|2005|1x2|'],
  ['Show (2005)/Show - S01E02.mkv', 'Show|2005|1x2|'],
  ['Show (2005)/Show.S01E02.Title.Here.1080p.WEB-DL.x264-GRP.mkv', 'Show|2005|1x2|Title Here'],
  ['Show/Season 1/01 - Pilot.mkv', 'Show||1x1|Pilot'],
  ['Show/Season 1/01. Pilot.mkv', 'Show||1x1|Pilot'],
  ['Show/Season 1/01 Pilot.mkv', 'Show||1x1|Pilot'],
  ['Show/Season 1/01.mkv', 'Show||1x1|'],
  ['Show/Season 1/Episode 3.mkv', 'Show||1x3|'],
  ['Show/Season 1/Ep03 - Third.mkv', 'Show||1x3|Third'],
  ['Show/Season 1/E03.mkv', 'Show||1x3|'],
  ['Show/Staffel 2/Show - 2x05 - Titel.mkv', 'Show||2x5|Titel'],
  ['Show/Saison 3/Show S03E10.mkv', 'Show||3x10|'],
  ['Show/S02/Show S02E10.mkv', 'Show||2x10|'],
  ['Show/Specials/Show - S00E01 - Christmas.mkv', 'Show||0x1|Christmas'],
  ['Show/Specials/01 - Christmas.mkv', 'Show||0x1|Christmas'],
  ['Show/Season 00/S00E02.mkv', 'Show||0x2|'],
  ['Show.S01E01.mkv', 'Show||1x1|'],
  ['Show.1x02.Title.mkv', 'Show||1x2|Title'],
  ['Show - 1x02 - Title.mkv', 'Show||1x2|Title'],
  ['Show S01E01E02.mkv', 'Show||1x1|'],
  ['Show S01E01-E02 - Double.mkv', 'Show||1x1|Double'],
  ['Show S01E01-02 - Double.mkv', 'Show||1x1|Double'],
  ['show.s01.e05.the.one.mkv', 'show||1x5|the one'],
  ['Show s1e5.mkv', 'Show||1x5|'],
  ['Show S01 E05 - Spaced.mkv', 'Show||1x5|Spaced'],
  ['Show Season 2 Episode 7.mkv', 'Show||2x7|'],
  ['Show.S01E05.720p.HDTV.x264-GRP.mkv', 'Show||1x5|'],
  ['Show.S01E05.PROPER.720p.mkv', 'Show||1x5|'],
  ['Show.2016.S01E05.1080p.mkv', 'Show|2016|1x5|'],
  ['Show (2016) S01E05.mkv', 'Show|2016|1x5|'],
  ['Show.S01.1080p.WEB-DL-GRP/Show.S01E05.1080p.mkv', 'Show||1x5|'],
  ['Show.S01.1080p.WEB-DL-GRP/e05.mkv', 'Show||1x5|'],
  ['Show Season 3/Show - 05.mkv', 'video:Show - 05'],
  ['Show.S01E05.1080p-GRP/abc123.mkv', 'Show||1x5|'],
  ['Downloads/Show.S01E05.mkv', 'Show||1x5|'],
  ['The Show (US)/Season 01/The.Show.US.S01E01.mkv', 'The Show (US)||1x1|'],
  ['24/Season 01/24 - S01E01 - Midnight.mkv', '24||1x1|Midnight'],
  ['24/Season 01/24 S01E01.mkv', '24||1x1|'],
  ['Extras/Season 01/Extras S01E01.mkv', 'Extras||1x1|'],
  ['1883/Season 1/1883 - S01E03.mkv', '1883||1x3|'],
  ['Show/Season 2019/Show - S2019E05.mkv', 'Show||2019x5|'],
  ['Show/Show - S01E100 - Hundred.mkv', 'Show||1x100|Hundred'],
  ['News/News.2019.03.21.mkv', 'News||2019x321|'],
  ['Talk Show/Talk Show - 2020-11-05 - Guest.mkv', 'Talk Show||2020x1105|Guest'],
  ['[Group] Show - 05 [1080p][ABCD1234].mkv', 'Show||1x5|'],
  ['[Group] Show - 12v2 (720p).mkv', 'Show||1x12|'],
  ['Show/Season 01/Show - S01E02 - S.O.S.mkv', 'Show||1x2|S O S'],
  [
    'Harbour Lane (2020)/Season 01/Harbour Lane - S01E03 - A Letter from Oslo.mp4',
    'Harbour Lane|2020|1x3|A Letter from Oslo',
  ],
  ['Show/Season 01/Show – S01E02 – Título ñ.mkv', 'Show||1x2|Título ñ'],
  ['Movies/Show.S01E01.mkv', 'Show||1x1|'],
];

const VIDEOS: [string, string][] = [
  ['holiday.mov', 'holiday'],
  ['Holidays/Beach day.mp4', 'Beach day'],
  ['VID_20190321_101010.mp4', 'VID 20190321 101010'],
  ['1080p.mkv', '1080p'],
  ['Summer 1993 in Rome.mp4', 'Summer 1993 in Rome'],
  ['naïve "quotes" & \n newlines.mkv', 'naïve "quotes" & newlines'],
  ['😀.mkv', '😀'],
  ['-.mkv', '-'],
  ['1920x1080 test.mkv', '1920x1080 test'],
];

function say(path: string): string {
  const folders = path.split('/');
  const file = folders.pop() as string;
  const stem = file.slice(0, file.lastIndexOf('.'));
  return describe(workOf({ folders, stem, rootName: 'Media', library: 'Media', alone: true }));
}

function describe(work: Work): string {
  if (work.kind === 'movie') return `${work.title}|${work.year ?? ''}`;
  if (work.kind === 'video') return `video:${work.title}`;
  return `${work.series}|${work.year ?? ''}|${work.season}x${work.episode}|${work.title ?? ''}`;
}

test.each(FILMS)('%s is the film %s', (path, expected) => expect(say(path)).toBe(expected));
test.each(EPISODES)('%s is the episode %s', (path, expected) => expect(say(path)).toBe(expected));
test.each(VIDEOS)('%s is the video %s', (path, expected) => expect(say(path)).toBe(`video:${expected}`));

test('a film beside others in a folder with a year keeps its own title', () => {
  const context = { folders: ['Shorts (2011)'], rootName: 'Films', library: 'Films', alone: false };
  expect(workOf({ ...context, stem: 'The Kite' })).toEqual({ kind: 'movie', title: 'The Kite', year: null });
  expect(workOf({ ...context, stem: 'Shorts' })).toEqual({ kind: 'movie', title: 'Shorts', year: 2011 });
});

test('a name of any length gives a title that the protocol takes', () => {
  const work = workOf({ folders: [], stem: 'x'.repeat(4000), rootName: 'Films', library: 'Films', alone: true });
  expect(work.kind === 'movie' && work.title.length).toBe(500);
});
