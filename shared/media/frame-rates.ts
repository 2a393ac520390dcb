import type { Rational } from './media-info.ts';

/** Rates that films and cameras really have. */
const STANDARD: readonly Rational[] = [
  ...[24_000, 30_000, 60_000].map((num) => ({ num, den: 1001 })),
  ...[15, 24, 25, 30, 50, 60].map((num) => ({ num, den: 1 })),
];
/** Containers that know only their length and number of pictures are off by a picture or two. */
const NEAR = 0.006;
/** More pictures a second cost a processor twice and are hardly seen. */
const MOST = 60.5;

/** The steady rate that a transcode has: the standard one that a measured average stands for, 60 at most. */
export function gridRate({ num, den }: Rational): Rational {
  if (num <= 0 || den <= 0) return { num: 25, den: 1 };
  let divisor = 1;
  while (num / (den * divisor) > MOST) divisor++;
  const rate = { num, den: den * divisor };
  const off = (standard: Rational) => Math.abs((rate.num * standard.den) / (rate.den * standard.num) - 1);
  const nearest = STANDARD.reduce((best, each) => (off(each) < off(best) ? each : best));
  return off(nearest) <= NEAR ? nearest : rate;
}
