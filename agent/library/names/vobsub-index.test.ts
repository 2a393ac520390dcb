import { expect, it } from 'vitest';
import { externalSubtitles } from './subtitle-name.ts';
import { vobsubLanguages } from './vobsub-index.ts';

const INDEX = [
  ...['# VobSub index file, v7 (do not modify this line!)', 'size: 720x576', 'langidx: 0', ''],
  ...['# English', 'id: en, index: 0', 'timestamp: 00:00:06:000, filepos: 000000000', ''],
  ...['# Deutsch', 'id: de, index: 1', 'timestamp: 00:00:06:000, filepos: 000001000', '', 'id: --, index: 2', ''],
].join('\r\n');

it('each language of a VobSub file is a track', () => {
  expect(vobsubLanguages(INDEX)).toEqual(['en', 'de', null]);
  expect(vobsubLanguages('nothing of the kind')).toEqual([]);
  const names = ['Film.forced.idx', 'Film.forced.sub', 'Film.fr.srt'];
  const found = externalSubtitles('Film', names, new Map([['Film.forced.idx', vobsubLanguages(INDEX)]]));
  expect(found.map(({ name, part, stream }) => [name, part, stream.index, stream.language, stream.forced])).toEqual([
    ['Film.forced.idx', 0, 1000, 'en', true],
    ['Film.forced.idx', 1, 1001, 'de', true],
    ['Film.forced.idx', 2, 1002, null, true],
    ['Film.fr.srt', 0, 1003, 'fr', false],
  ]);
});

it('one whose index cannot be read is a track by its name', () => {
  const [found] = externalSubtitles('Film', ['Film.de.idx', 'Film.de.sub']);
  expect(found).toMatchObject({ part: 0, stream: { index: 1000, language: 'de', form: 'image' } });
});
