import type { MadeResource } from '../../shared/protocol/resources.ts';
import type { IndexedCopy } from '../library/copies.ts';
import type { ByteAnswer } from '../link/handlers.ts';
import type { Fonts } from './subtitles/fonts.ts';
import type { Subtitles } from './subtitles/subtitles.ts';
import type { Trickplay } from './trickplay/trickplay.ts';

/** Those who make what belongs to a film beside its pictures and its sound. */
export interface Makers {
  subtitles: Subtitles;
  trickplay: Trickplay;
  fonts: Fonts;
}

/** A subtitle track, a sheet of previews or a font of a file of this machine. Throws an AgentFailure. */
export function madeOf(
  { subtitles, trickplay, fonts }: Makers,
  copy: IndexedCopy,
  resource: MadeResource,
  signal: AbortSignal,
): Promise<ByteAnswer> {
  switch (resource.kind) {
    case 'subtitle':
      return subtitles.bytes(copy, resource, signal);
    case 'trickplay':
      return trickplay.bytes(copy, resource.sheet, signal);
    case 'font':
      return fonts.bytes(copy, resource.font, signal);
    default:
      return resource satisfies never;
  }
}
