import { describe, expect, it } from 'vitest';
import { createEncoderHealth } from './encoder-health.ts';

describe('the encoders of a machine', () => {
  it('are tried best first, and one that failed comes last for ten minutes', () => {
    const health = createEncoderHealth(['h264_nvenc', 'h264_vaapi', 'libx264']);
    expect(health.order(0)).toEqual(['h264_nvenc', 'h264_vaapi', 'libx264']);
    health.failed('h264_nvenc', 1000);
    expect(health.order(2000)).toEqual(['h264_vaapi', 'libx264', 'h264_nvenc']);
    expect(health.order(1000 + 600_000)).toEqual(['h264_nvenc', 'h264_vaapi', 'libx264']);
  });
});
