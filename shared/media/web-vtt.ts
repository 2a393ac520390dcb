/** A subtitle of a WebVTT track. Times in seconds. */
export interface VttCue {
  start: number;
  end: number;
  /** What stands behind the times, such as `line:10%`; empty where nothing does. */
  settings: string;
  /** As it is, with its tags. */
  text: string;
}

const TIMES = /^((?:\d+:)?\d{2}:\d{2}\.\d{3})[ \t]+-->[ \t]+((?:\d+:)?\d{2}:\d{2}\.\d{3})[ \t]*(.*)$/;

/** The cues of a WebVTT text, in their order; what is no cue (notes, styles, broken blocks) is passed over. */
export function readVtt(text: string): VttCue[] {
  const cues: VttCue[] = [];
  for (const block of text.replaceAll('\r\n', '\n').split(/\n{2,}/)) {
    const lines = block.split('\n').filter((line) => line !== '');
    const at = lines.findIndex((line) => TIMES.test(line));
    const match = at < 0 ? null : TIMES.exec(lines[at] as string);
    if (!match) continue;
    const [, start, end, settings] = match;
    cues.push({
      start: secondsOf(start as string),
      end: secondsOf(end as string),
      settings: (settings as string).trim(),
      text: lines.slice(at + 1).join('\n'),
    });
  }
  return cues;
}

/** A WebVTT text of cues; `head` are lines of the header. */
export function writeVtt(cues: readonly VttCue[], head: readonly string[] = []): string {
  const blocks = cues.map(
    ({ start, end, settings, text }) => `${stamp(start)} --> ${stamp(end)}${settings ? ` ${settings}` : ''}\n${text}\n`,
  );
  return `${['WEBVTT', ...head].join('\n')}\n\n${blocks.join('\n')}`;
}

/** A time as WebVTT writes it; nothing lies before 0. */
export function stamp(seconds: number): string {
  const ms = Math.max(0, Math.round(seconds * 1000));
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  const rest = String(ms % 1000).padStart(3, '0');
  return `${two(ms / 3_600_000)}:${two((ms / 60_000) % 60)}:${two((ms / 1000) % 60)}.${rest}`;
}

function secondsOf(text: string): number {
  return text.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
}
