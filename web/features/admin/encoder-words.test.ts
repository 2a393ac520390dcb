import { expect, it } from 'vitest';
import { encoderName } from './encoder-words.ts';

it('encoders are called by what they make and on what', () => {
  expect(['h264_nvenc', 'hevc_qsv', 'libx264', 'av1_vaapi'].map(encoderName)).toEqual([
    'H.264 on NVIDIA',
    'HEVC on Intel Quick Sync',
    'H.264 in software',
    'AV1 on VAAPI',
  ]);
});

it('an encoder of the future keeps its own name', () => {
  expect(encoderName('vvc_magic')).toBe('vvc_magic');
});
