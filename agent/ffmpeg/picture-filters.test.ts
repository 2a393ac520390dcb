import { expect, it } from 'vitest';
import { type PictureTask, wholePictures } from './picture-filters.ts';

const rendition: PictureTask['rendition'] = {
  ...{ codec: 'h264', width: 160, height: 80, bitrate: 1_000_000, codecs: 'avc1.64001f' },
  ...{ tonemap: false, deinterlace: true },
};
const source = { codec: 'h264', bitDepth: 8, hdr: 'none', rotation: 0, width: 160, height: 80 } as const;

it('pictures are whole before they are cut', () => {
  const [first, second, ...more] = wholePictures({ source: { ...source, crop: { left: 0, top: 20 } }, rendition });
  expect(first).toMatch(/^bwdif=/);
  expect(second).toMatch(/^crop=/);
  expect(more).toEqual([]);
  expect(wholePictures({ source, rendition })).toHaveLength(1);
});
