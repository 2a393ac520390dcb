import type { Rational } from '../../../../shared/media/media-info.ts';
import { Unsure } from './unsure.ts';

/**
 * The fraction nearest to num/den whose parts are at most `max`, found as FFmpeg finds it, so that two agents
 * with different readers give a film the same rate.
 */
export function nearest(num: number, den: number, max: number): Rational {
  if (!(num > 0) || !(den > 0) || !Number.isSafeInteger(num) || !Number.isSafeInteger(den)) throw new Unsure('a rate');
  const limit = BigInt(max);
  let [a, b] = lowest(BigInt(num), BigInt(den));
  let [before, best] = [
    { num: 0n, den: 1n },
    { num: 1n, den: 0n },
  ];
  if (a <= limit && b <= limit) return { num: Number(a), den: Number(b) };
  while (b > 0n) {
    let x = a / b;
    const next = { num: x * best.num + before.num, den: x * best.den + before.den };
    if (next.num > limit || next.den > limit) {
      if (best.num > 0n) x = (limit - before.num) / best.num;
      if (best.den > 0n && (limit - before.den) / best.den < x) x = (limit - before.den) / best.den;
      if (b * (2n * x * best.den + before.den) > a * best.den) {
        best = { num: x * best.num + before.num, den: x * best.den + before.den };
      }
      break;
    }
    [before, best] = [best, next];
    [a, b] = [b, a % b];
  }
  return { num: Number(best.num), den: Number(best.den) };
}

function lowest(num: bigint, den: bigint): [bigint, bigint] {
  let [a, b] = [num, den];
  while (b > 0n) [a, b] = [b, a % b];
  return [num / a, den / a];
}
