import { expect, it } from 'vitest';
import { traitChoices } from './trait-words.ts';

it('offers what there is a choice of, in words', () => {
  const sites = [{ id: '1', name: 'Home' }];
  expect(traitChoices({ codecs: ['h264', 'theora'], languages: ['deu', 'eng', '??'], sites })).toEqual([
    {
      ...{ name: 'codec', label: 'Codec' },
      values: [
        ['h264', 'H.264'],
        ['theora', 'THEORA'],
      ],
    },
    {
      ...{ name: 'language', label: 'Language' },
      values: [
        ['deu', 'German'],
        ['eng', 'English'],
        ['??', '??'],
      ],
    },
  ]);
  expect(traitChoices(undefined)).toEqual([]);
});
