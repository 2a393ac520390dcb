import type { AudioRendition } from '../../shared/media/plan.ts';

/** Sound tracks of one layout of channels: every language once, as RFC 8216 wants of the groups of a playlist. */
export interface AudioGroup {
  name: 'audio' | 'surround' | 'stereo';
  tracks: AudioRendition[];
  /** The one that plays when nobody chooses. */
  chosen: AudioRendition;
}

/**
 * One group where each track comes in one layout, else one in surround and one in stereo; a track that has only one
 * layout is in both. Surround comes first. None for silence.
 */
export function audioGroups(audio: readonly AudioRendition[]): AudioGroup[] {
  const [first] = audio;
  if (!first) return [];
  const chosenStream = (audio.find((track) => track.default) ?? first).stream;
  const streams = [...new Set(audio.map(({ stream }) => stream))];
  const group = (name: AudioGroup['name'], pick: (tracks: AudioRendition[]) => AudioRendition): AudioGroup => {
    const tracks = streams.map((stream) => pick(audio.filter((track) => track.stream === stream)));
    return { name, tracks, chosen: tracks.find(({ stream }) => stream === chosenStream) ?? first };
  };
  const most = (tracks: AudioRendition[]) => tracks.reduce((a, b) => (b.channels > a.channels ? b : a));
  const fewest = (tracks: AudioRendition[]) => tracks.reduce((a, b) => (b.channels < a.channels ? b : a));
  if (streams.length === audio.length) return [group('audio', most)];
  return [group('surround', most), group('stereo', fewest)];
}
