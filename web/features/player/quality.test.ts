import { describe, expect, it } from 'vitest';
import type { Plan } from '../../../shared/media/plan.ts';
import { qualityChoices } from './quality.ts';

const plan = (mode: Plan['mode']): Plan => ({ mode, reasons: [], video: [], audio: [], subtitles: [] });
const values = (choices: ReturnType<typeof qualityChoices>) => choices.map((choice) => choice.value);

describe('the quality menu', () => {
  it('lists the renditions of a stream, the largest first', () => {
    const levels = [
      { index: 0, height: 480, bitrate: 1e6 },
      { index: 1, height: 1080, bitrate: 8e6 },
    ];
    expect(values(qualityChoices(plan('transcode'), levels, null, null))).toEqual(['auto', 'level:1', 'level:0']);
  });

  it('offers limits below the file’s own rate in direct play', () => {
    const choices = qualityChoices(plan('direct'), [], null, 5_000_000);
    expect(choices[0]?.label).toBe('Original');
    expect(values(choices)).toEqual(['auto', 'limit:4000000', 'limit:1500000']);
  });

  it('keeps the way back to the original once a limit is chosen', () => {
    const choices = qualityChoices(plan('transcode'), [{ index: 0, height: 720, bitrate: 4e6 }], 4_000_000, 9e6);
    expect(choices[0]).toEqual({ value: 'auto', label: 'Original' });
  });
});
