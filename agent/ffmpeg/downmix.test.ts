import { describe, expect, it } from 'vitest';
import { downmixFilters } from './downmix.ts';

describe('a downmix', () => {
  it.each([
    [6, 2, ['aformat=channel_layouts=5.1', 'pan=stereo|FL=0.35*FL+0.45*FC+0.2*BL|FR=0.35*FR+0.45*FC+0.2*BR']],
    [
      8,
      2,
      ['aformat=channel_layouts=7.1', 'pan=stereo|FL=0.35*FL+0.45*FC+0.1*BL+0.1*SL|FR=0.35*FR+0.45*FC+0.1*BR+0.1*SR'],
    ],
    [8, 6, ['aformat=channel_layouts=7.1', 'pan=5.1|FL=FL|FR=FR|FC=FC|LFE=LFE|BL=0.5*BL+0.5*SL|BR=0.5*BR+0.5*SR']],
    [2, 2, []],
    [1, 1, []],
    [6, 6, []],
    [2, 1, []],
    [16, 2, []],
  ])('of %d channels to %d is exactly this', (from, to, filters) => {
    expect(downmixFilters(from, to)).toEqual(filters);
  });

  it.each([3, 4, 5, 6, 7, 8])('of %d channels to stereo cannot clip, and the centre is the loudest', (from) => {
    const [, pan = ''] = downmixFilters(from, 2);
    for (const side of pan.split('|').slice(1)) {
      const gains = [...side.matchAll(/([\d.]+)\*(\w+)/g)].map(([, gain, name]) => ({ gain: Number(gain), name }));
      expect(gains.reduce((sum, { gain }) => sum + gain, 0)).toBeLessThanOrEqual(1.0001);
      expect(gains.toSorted((a, b) => b.gain - a.gain)[0]?.name).toBe('FC');
    }
  });
});
