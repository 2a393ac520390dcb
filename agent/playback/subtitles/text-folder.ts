import { createReadStream } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { isAss } from '../../../shared/media/burned.ts';
import type { SubtitleStream } from '../../../shared/media/media-info.ts';
import type { MadeResource } from '../../../shared/protocol/resources.ts';
import { FONTS_FOLDER, type PaintedText, TEXT_FILES } from '../../ffmpeg/painted-text.ts';
import { AgentFailure, type ByteAnswer } from '../../link/handlers.ts';
import { unlessAborted } from '../unless-aborted.ts';

const FontList = z.object({ fonts: z.array(z.number().int().nonnegative()) });

/** What is read of the film for it: from the machine whose file it is. */
export type Make = (resource: MadeResource, signal: AbortSignal) => Promise<ByteAnswer>;

/**
 * A folder of one session with a text track whole and the fonts that its film brings, under names of ours: ffmpeg works
 * in it, so that nothing that anybody else named is ever part of a filter.
 */
export class TextFolder {
  readonly text: PaintedText;
  readonly #track: Pick<SubtitleStream, 'index' | 'codec'>;
  readonly #make: Make;
  readonly #over = new AbortController();
  #filling: Promise<void> | null = null;

  /** `dir` is this folder's alone; it is made with the first wish. */
  constructor(dir: string, track: Pick<SubtitleStream, 'index' | 'codec'>, make: Make) {
    this.text = { folder: dir, file: isAss(track) ? TEXT_FILES.ass : TEXT_FILES.webvtt };
    this.#track = track;
    this.#make = make;
  }

  /** Resolves once all is there; asked again after a failure it tries again. Throws an AgentFailure. */
  ready(signal: AbortSignal): Promise<void> {
    this.#filling ??= this.#fill().catch((error: unknown) => {
      this.#filling = null;
      throw error;
    });
    return unlessAborted(this.#filling, signal);
  }

  /** Removes it; to be called when no process works in it any more. */
  async release(): Promise<void> {
    this.#over.abort(new AgentFailure('session', 'session-ended', 'The session has ended.'));
    await this.#filling?.catch(() => {});
    await rm(this.text.folder, { recursive: true, force: true });
  }

  async #fill(): Promise<void> {
    const { folder, file } = this.text;
    const { signal } = this.#over;
    signal.throwIfAborted();
    await mkdir(join(folder, FONTS_FOLDER), { recursive: true, mode: 0o700 });
    const ass = isAss(this.#track);
    const resource = { kind: 'subtitle', stream: this.#track.index, ...(ass ? { form: 'ass' as const } : {}) } as const;
    const track = await unlessAborted(this.#make(resource, signal), signal);
    // Other text names no fonts.
    if (ass) await this.#fonts(signal);
    await written(track, join(folder, file));
  }

  /** Text in another letter is better than none: a font that cannot be had is left out. */
  async #fonts(signal: AbortSignal): Promise<void> {
    const list = await this.#make({ kind: 'font', font: null }, signal).catch(() => null);
    const listed = list && !('path' in list.body) ? FontList.safeParse(json(list.body)) : null;
    for (const font of listed?.data?.fonts ?? []) {
      signal.throwIfAborted();
      const answer = await this.#make({ kind: 'font', font }, signal).catch(() => null);
      if (answer) await written(answer, join(this.text.folder, FONTS_FOLDER, String(font)));
    }
  }
}

async function written({ body }: ByteAnswer, path: string): Promise<void> {
  const bytes = 'path' in body ? createReadStream(body.path, { start: body.start, end: body.end - 1 }) : body;
  await writeFile(path, bytes);
}

function json(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return null;
  }
}
