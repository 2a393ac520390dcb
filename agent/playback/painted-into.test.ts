import { expect, it } from 'vitest';
import { mediaInfo, subtitleStream } from '../../test/fakes/media-samples.ts';
import { oncePerTrack, paintedInto, type TextFolderOf } from './painted-into.ts';
import { TextFolder } from './subtitles/text-folder.ts';

const pgs = { codec: 'hdmv_pgs_subtitle', form: 'image' } as const;
const media = mediaInfo({
  subtitles: [
    subtitleStream({ index: 3 }),
    subtitleStream({ index: 4, ...pgs }),
    subtitleStream({ index: 1000, external: true }),
    subtitleStream({ index: 1001, ...pgs, external: true }),
    subtitleStream({ index: 1002, external: true }),
  ],
});
const externalSubtitles = new Map([
  [1000, { path: '/f/film.srt', stream: 0 }],
  [1001, { path: '/f/film.idx', stream: 2 }],
]);
const copy = { path: '/f/film.mkv', size: 1, mtimeMs: 1, fingerprint: 'f'.repeat(32), media, externalSubtitles };
const film = { copy, made: () => null };
const nothing = { burnIn: null, folder: null };

function folders() {
  let made = 0;
  const one: TextFolderOf = (_, track) => new TextFolder(`/cache/${++made}`, track, () => Promise.reject());
  return oncePerTrack(one);
}

it('pictures are painted from their file, text from a folder of its own, one for all renditions of a session', () => {
  const textFolder = folders();
  const painted = (burnIn?: number) => paintedInto(film, burnIn === undefined ? {} : { burnIn }, textFolder);
  expect(painted()).toEqual(nothing);
  expect(painted(4)).toEqual({ burnIn: { stream: 4, path: null }, folder: null });
  expect(painted(1001)).toEqual({ burnIn: { path: '/f/film.idx', stream: 2 }, folder: null });
  const { burnIn, folder } = painted(3);
  expect([burnIn, folder?.text]).toEqual([null, { folder: '/cache/1', file: 'text.vtt' }]);
  expect(painted(3).folder).toBe(folder);
  expect(painted(1000).folder?.text.folder).toBe('/cache/2');
  for (const gone of [77, 1002]) expect(() => painted(gone)).toThrow('The file has no such subtitles.');
});
