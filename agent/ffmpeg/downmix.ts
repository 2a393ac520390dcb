/**
 * ffmpeg's own downmix puts the centre 3 dB below the sides and scales all down until nothing can clip, so that
 * speech drowns. Here the centre is the loudest, surround the quietest; each sum is at most 1, so nothing clips.
 */
const STEREO_OF_5_1 = 'pan=stereo|FL=0.35*FL+0.45*FC+0.2*BL|FR=0.35*FR+0.45*FC+0.2*BR';
const STEREO_OF_7_1 = 'pan=stereo|FL=0.35*FL+0.45*FC+0.1*BL+0.1*SL|FR=0.35*FR+0.45*FC+0.1*BR+0.1*SR';
/** ffmpeg's own would halve the centre too. */
const SURROUND_OF_7_1 = 'pan=5.1|FL=FL|FR=FR|FC=FC|LFE=LFE|BL=0.5*BL+0.5*SL|BR=0.5*BR+0.5*SR';

/**
 * Filters that mix `from` channels down to `to`. The layout is named first, since a file may call the same
 * surround "side" or "back", or not say at all. Empty where nothing needs mixing, or ffmpeg's way is as good.
 */
export function downmixFilters(from: number, to: number): string[] {
  if (from <= to || from < 3 || from > 8) return [];
  const wide = from > 6;
  const layout = `aformat=channel_layouts=${wide ? '7.1' : '5.1'}`;
  if (to === 2) return [layout, wide ? STEREO_OF_7_1 : STEREO_OF_5_1];
  if (to === 6 && wide) return [layout, SURROUND_OF_7_1];
  return [];
}
