/** Subtitles that are pictures, to be painted into a film's own. */
export interface BurnIn {
  /** Index of the stream in its file. */
  stream: number;
  /** The file where it is not the film's, such as an `.idx` beside it. */
  path: string | null;
}

/**
 * How much earlier than the first wanted picture the film is read: subtitles that began before and still stand are
 * only known from their beginning.
 */
export const BURN_IN_LEAD_SECONDS = 10;

/**
 * Signal of a white page in HDR (BT.2408's 203 cd/m²) against the brightest that there is: subtitles know only of an
 * ordinary screen's white, and would be painted as bright as the sun.
 */
export const WHITE = { PQ: 0.58, HLG: 0.75 } as const;

/**
 * A graph that paints subtitles over a picture, from `[0:video]` to `[v]`. `picture` are the filters up to the size
 * that is encoded, `upload` what the encoder wants last. Subtitles are drawn for a canvas, that of the disc, which may
 * be taller than a film without its black bars: it is fitted into the picture, at its lower edge, unsquashed.
 */
export function burnInGraph(options: {
  video: number;
  subtitle: BurnIn;
  /** Seconds; the container's start, taken off every time. */
  startTime: number;
  size: { width: number; height: number };
  picture: readonly string[];
  upload: string;
  /** The light that the picture has by then; null is an ordinary screen's. */
  range: 'PQ' | 'HLG' | null;
}): string {
  const { video, subtitle, startTime, size, picture, upload, range } = options;
  const own = subtitle.path === null;
  const canvas = [
    ...(own && startTime !== 0 ? [`setpts=PTS-${startTime.toFixed(6)}/TB`] : []),
    `scale=${size.width}:${size.height}:force_original_aspect_ratio=decrease:flags=bilinear`,
    ...(range ? ['format=rgba', `lutrgb=${['r', 'g', 'b'].map((one) => `${one}=val*${WHITE[range]}`).join(':')}`] : []),
  ];
  // Eight bits unless it is told otherwise.
  const format = range ? ':format=yuv420p10' : '';
  return [
    `[0:${video}]${picture.join(',')}[picture]`,
    `[${own ? 0 : 1}:${subtitle.stream}]${canvas.join(',')}[canvas]`,
    `[picture][canvas]overlay=x=(W-w)/2:y=H-h:eof_action=pass${format},${upload}[v]`,
  ].join(';');
}
