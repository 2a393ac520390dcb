import type { Finished } from '../ffmpeg/process.ts';

/**
 * A picture of a film in HDR is tone-mapped; without that where ffmpeg cannot (a build without zscale, or light that it
 * does not know), since a pale picture is better than none.
 */
export async function inLight(hdr: boolean, make: (tonemap: boolean) => Promise<Finished>): Promise<Finished> {
  const made = await make(hdr);
  return hdr && made.code !== 0 && !made.limited ? make(false) : made;
}
