import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { cropFilters, wholePictures } from './picture-filters.ts';

const rendition = {
  ...{ codec: 'h264', width: 160, height: 80, bitrate: 1_000_000, codecs: 'avc1.64001f' },
  ...{ tonemap: false, deinterlace: true },
} as const;
const source = { codec: 'h264', bitDepth: 8, hdr: 'none', rotation: 0, width: 160, height: 80 } as const;

it('pictures are whole before they are cut', () => {
  const [first, second, ...more] = wholePictures({ source: { ...source, crop: { left: 0, top: 20 } }, rendition });
  expect(first).toMatch(/^bwdif=/);
  expect(second).toMatch(/^crop=/);
  expect(more).toEqual([]);
  expect(wholePictures({ source, rendition })).toHaveLength(1);
});

it('what is too large is cut where the container says, and what is cut already is left as it is', async () => {
  const [filter = ''] = cropFilters({ crop: { left: 4, top: 20 }, width: 160, height: 80 });
  const shown = async (size: string) => {
    const args = ['-hide_banner', '-f', 'lavfi', '-i', `color=s=${size}:d=0.04`, '-vf', `${filter},showinfo`];
    const { stderr } = await promisify(execFile)('ffmpeg', [...args, '-f', 'null', '-']);
    return /showinfo.*\bs:(\S+)/.exec(stderr)?.[1];
  };
  expect(await shown('168x120')).toBe('160x80');
  expect(await shown('160x80')).toBe('160x80');
});
