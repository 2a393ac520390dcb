import type { PlayAnswer } from '../../../shared/api/playback.ts';
import type { Choice } from '../../ui/choice-list.tsx';
import { bitrate } from '../../ui/format.ts';

/** `auto`: the best for the connection. `level:N`: one rendition. `limit:BPS`: play again with at most this. */
export type QualityId = 'auto' | `level:${number}` | `limit:${number}`;

/** Limits offered where the server has not made renditions by itself, bits per second. */
const LIMITS: readonly { label: string; perSecond: number }[] = [
  { label: '1080p', perSecond: 8_000_000 },
  { label: '720p', perSecond: 4_000_000 },
  { label: '480p', perSecond: 1_500_000 },
];

export interface Level {
  index: number;
  height: number;
  bitrate: number;
}

/**
 * The quality menu: the renditions of a stream where there are several, else the file as it is and lower limits,
 * which play again.
 */
export function qualityChoices(
  plan: PlayAnswer['plan'],
  levels: readonly Level[],
  limit: number | null,
  sourceBitrate: number | null,
): Choice<QualityId>[] {
  const renditions = [...levels]
    .sort((a, b) => b.height - a.height || b.bitrate - a.bitrate)
    .map((level) => ({
      value: `level:${level.index}` as const,
      label: `${level.height}p`,
      hint: bitrate(level.bitrate),
    }));
  const limits = LIMITS.filter(({ perSecond }) => sourceBitrate === null || perSecond < sourceBitrate).map(
    ({ label, perSecond }) => ({ value: `limit:${perSecond}` as const, label, hint: `at most ${bitrate(perSecond)}` }),
  );
  const auto = { value: 'auto' as const, label: plan.mode === 'transcode' ? 'Auto' : 'Original' };
  if (levels.length > 1 && limit === null) return [auto, ...renditions];
  return [{ ...auto, label: limit === null ? auto.label : 'Original' }, ...limits];
}
