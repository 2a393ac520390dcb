import { WHITE } from './burn-in.ts';

/** A text track to be painted into pictures: a file of ours in a folder of ours, in which ffmpeg works. */
export interface PaintedText {
  /** Absolute; the process's working directory. No filter names it. */
  folder: string;
  file: (typeof TEXT_FILES)[keyof typeof TEXT_FILES];
}

export const TEXT_FILES = { webvtt: 'text.vtt', ass: 'text.ass' } as const;
/** Below the folder; there even where it is empty. */
export const FONTS_FOLDER = 'fonts';

/**
 * Draws a whole text track over pictures of the size that is encoded, in the processor's memory. It goes by the pictures'
 * own times, which count from the film's beginning wherever the process begins. In HDR it is drawn on a sheet of glass
 * first, to be dimmed to a page's white before it is laid over.
 */
export function textFilters({ file }: PaintedText, range: 'PQ' | 'HLG' | null): string {
  const text = `subtitles=filename=${file}:fontsdir=${FONTS_FOLDER}`;
  if (!range) return text;
  const dimmed = ['r', 'g', 'b'].map((one) => `${one}=val*${WHITE[range]}`).join(':');
  return [
    'split[under][over]',
    `[over]format=rgba,lutrgb=r=0:g=0:b=0:a=0,${text}:alpha=1,lutrgb=${dimmed}[text]`,
    '[under][text]overlay=alpha=premultiplied:format=yuv420p10',
  ].join(';');
}
