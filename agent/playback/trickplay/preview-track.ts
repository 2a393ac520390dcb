import { stamp } from '../../../shared/media/web-vtt.ts';
import type { SpriteGrid } from './grid.ts';

/** The track of previews: for each span of the film the sheet and the part of it that shows it (`#xywh=`). */
export function previewTrack(grid: SpriteGrid, durationMs: number): string {
  const each = grid.columns * grid.rows;
  const cues = Array.from({ length: grid.count }, (_, i) => {
    const from = i * grid.interval;
    const to = Math.min((i + 1) * grid.interval, durationMs / 1000);
    const at = i % each;
    const x = (at % grid.columns) * grid.width;
    const y = Math.floor(at / grid.columns) * grid.height;
    const place = `xywh=${x},${y},${grid.width},${grid.height}`;
    return `${stamp(from)} --> ${stamp(to)}\n${Math.floor(i / each)}.jpg#${place}\n`;
  });
  return `WEBVTT\n\n${cues.join('\n')}`;
}
