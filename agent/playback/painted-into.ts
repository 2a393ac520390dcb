import type { SubtitleStream } from '../../shared/media/media-info.ts';
import type { VideoRendition } from '../../shared/media/plan.ts';
import type { BurnIn } from '../ffmpeg/burn-in.ts';
import { AgentFailure } from '../link/handlers.ts';
import type { Film } from './film.ts';
import type { TextFolder } from './subtitles/text-folder.ts';

/** Gathers a text track and its fonts for one session, to be painted. */
export type TextFolderOf = (film: Pick<Film, 'copy' | 'made'>, track: SubtitleStream) => TextFolder;

/** All renditions of a session draw from one folder of a track. */
export function oncePerTrack(make: TextFolderOf): TextFolderOf {
  const made = new Map<number, TextFolder>();
  return (film, track) => {
    const folder = made.get(track.index) ?? make(film, track);
    made.set(track.index, folder);
    return folder;
  };
}

/** The subtitles that a rendition carries in its picture. Throws an AgentFailure where they are gone. */
export function paintedInto(
  film: Pick<Film, 'copy' | 'made'>,
  { burnIn }: Pick<VideoRendition, 'burnIn'>,
  textFolder: TextFolderOf,
): { burnIn: BurnIn | null; folder: TextFolder | null } {
  if (burnIn === undefined) return { burnIn: null, folder: null };
  const { media, externalSubtitles } = film.copy;
  const track = media.subtitles.find(({ index }) => index === burnIn);
  const beside = externalSubtitles.get(burnIn) ?? null;
  if (!track || (track.external && beside === null)) {
    throw new AgentFailure('content', 'not-found', 'The file has no such subtitles.');
  }
  if (track.form === 'text') return { burnIn: null, folder: textFolder(film, track) };
  return { burnIn: beside ?? { stream: burnIn, path: null }, folder: null };
}
