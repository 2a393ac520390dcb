import { z } from 'zod';

/** The fonts of a film, beside the list's own address. */
const FontList = z.object({ fonts: z.array(z.number().int().nonnegative()).max(64) });

export interface AssDrawing {
  /** Seconds by which the subtitles come later. */
  setOffset(seconds: number): void;
  close(): void;
}

/**
 * Draws subtitles in ASS over a film as their author set them, in the fonts that came with them. The drawing program
 * (2 MB) is fetched now. Rejects where this browser cannot run it or the subtitles do not come.
 */
export async function drawAss(
  video: HTMLVideoElement,
  urls: { subtitles: string; fonts: string },
  offset: number,
  signal: AbortSignal,
): Promise<AssDrawing> {
  const [{ default: JASSUB }, text, fonts] = await Promise.all([
    import('jassub'),
    fetch(urls.subtitles, { signal }).then(textOf),
    // Without its fonts a film still has readable subtitles.
    fontsOf(urls.fonts, signal).catch(() => []),
  ]);
  signal.throwIfAborted();
  const drawing = new JASSUB({ video, subContent: text, fonts, timeOffset: -offset, queryFonts: false });
  const close = () => void drawing.destroy().catch(() => {});
  try {
    await drawing.ready;
    signal.throwIfAborted();
  } catch (error) {
    close();
    throw error;
  }
  return {
    setOffset(seconds) {
      drawing.timeOffset = -seconds;
      void drawing.resize(true).catch(() => {});
    },
    close,
  };
}

async function fontsOf(url: string, signal: AbortSignal): Promise<string[]> {
  const { fonts } = FontList.parse(JSON.parse(await textOf(await fetch(url, { signal }))));
  return fonts.map((font) => new URL(url.replace(/[^/]*$/, String(font)), location.href).href);
}

async function textOf(response: Response): Promise<string> {
  if (!response.ok) throw new Error(`subtitles: ${response.status}`);
  return response.text();
}
