import type { VttCue } from '../../../shared/media/web-vtt.ts';

const ALIGN: ReadonlySet<string> = new Set(['start', 'center', 'end', 'left', 'right']);

/** A cue as the browser's own, moved by an offset in seconds; of its settings those that our drawing knows. */
export function toTextTrackCue(cue: VttCue, offset: number): VTTCue {
  const made = new VTTCue(Math.max(0, cue.start + offset), Math.max(0, cue.end + offset), cue.text);
  for (const setting of cue.settings.split(/\s+/)) {
    const [name, value = ''] = setting.split(':', 2);
    const line = /^(-?\d+(?:\.\d+)?)(%?)/.exec(value);
    if (name === 'align' && ALIGN.has(value)) made.align = value as AlignSetting;
    if (name === 'line' && line) {
      made.snapToLines = line[2] === '';
      made.line = Number(line[1]);
    }
  }
  return made;
}
