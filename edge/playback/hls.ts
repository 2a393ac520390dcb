import { framesPerSecond } from '../../shared/media/codecs.ts';
import type { AudioRendition, Plan, VideoRendition } from '../../shared/media/plan.ts';
import { TIMESCALE, type Timeline } from '../../shared/media/timeline.ts';
import { audioGroups } from './audio-groups.ts';
import { SUBTITLE_GROUP, subtitleLines } from './hls-subtitles.ts';
import { languageTag, trackNames } from './track-names.ts';

/** EXT-X-MAP outside of I-frame playlists needs 6; 7 is what fragmented MP4 is usually announced with. */
const VERSION = 7;

/** How far announced peaks lie above the average; renditions know their peak only. */
const PEAK_OVER_AVERAGE = 1.5;

/**
 * The master playlist of a plan (RFC 8216): the sound tracks in a group for each layout of channels, one group of
 * subtitles, and a variant for each picture with each group of sound.
 */
export function masterPlaylist(plan: Pick<Plan, 'video' | 'audio' | 'subtitles'>): string {
  const lines = ['#EXTM3U', `#EXT-X-VERSION:${VERSION}`, '#EXT-X-INDEPENDENT-SEGMENTS'];
  const alone = plan.video.length === 0;
  const groups = audioGroups(plan.audio);
  // Sound alone with one track is a plain variant; a group of one would be the same playlist twice.
  const grouped = alone ? plan.audio.length > 1 : plan.audio.length > 0;
  // The same for every group: players take variants that differ in nothing else for one with a choice of sound.
  const peak = Math.max(0, ...plan.audio.map((track) => track.bitrate));
  const text = plan.subtitles.length > 0 ? [`SUBTITLES="${SUBTITLE_GROUP}"`] : [];
  const variants: string[] = [];
  for (const { name, tracks, chosen } of groups) {
    const names = trackNames(tracks);
    // The variant's own playlist is already the chosen track's sound, so its group entry needs no address.
    const media = tracks.map((audio, at) => mediaLine(name, audio, names[at] as string, audio === chosen, alone));
    if (grouped) lines.push(...media);
    const named = [...(grouped ? [`AUDIO="${name}"`] : []), ...text];
    const sound = { peak, codecs: codecsOf(tracks, chosen), groups: named };
    const pictures = plan.video.map((video) => [streamLine(video, sound), `${video.id}/index.m3u8`]);
    variants.push(...pictures.flat(), ...(alone ? [streamLine(null, sound), `${chosen.id}/index.m3u8`] : []));
  }
  if (groups.length === 0) {
    const silence = { peak: 0, codecs: [], groups: text };
    variants.push(...plan.video.flatMap((video) => [streamLine(video, silence), `${video.id}/index.m3u8`]));
  }
  return `${[...lines, ...subtitleLines(plan.subtitles), ...variants].join('\n')}\n`;
}

/** The whole playlist of any rendition: all of them share the timeline's boundaries. */
export function mediaPlaylist(timeline: Pick<Timeline, 'runs'>): string {
  const segments: string[] = [];
  let ticks = 0;
  let longest = 1;
  for (const [duration, count] of timeline.runs) {
    longest = Math.max(longest, Math.round(duration / TIMESCALE));
    for (let i = 0; i < count; i++) {
      // The difference of rounded ends, so that the sum of thousands of segments stays exact.
      const seconds = microseconds(ticks + duration) - microseconds(ticks);
      segments.push(`#EXTINF:${(seconds / 1e6).toFixed(6)},`, `${segments.length / 2}.m4s`);
      ticks += duration;
    }
  }
  return `${[
    '#EXTM3U',
    `#EXT-X-VERSION:${VERSION}`,
    `#EXT-X-TARGETDURATION:${longest}`,
    '#EXT-X-MEDIA-SEQUENCE:0',
    '#EXT-X-PLAYLIST-TYPE:VOD',
    '#EXT-X-INDEPENDENT-SEGMENTS',
    '#EXT-X-MAP:URI="init.mp4"',
    ...segments,
    '#EXT-X-ENDLIST',
  ].join('\n')}\n`;
}

interface Sound {
  peak: number;
  codecs: string[];
  /** Attributes that name the groups of sound and of subtitles. */
  groups: readonly string[];
}

/** Every codec of a group, the chosen track's first. */
function codecsOf(tracks: readonly AudioRendition[], chosen: AudioRendition): string[] {
  return [...new Set([chosen.codecs, ...tracks.map((track) => track.codecs)])];
}

function streamLine(video: VideoRendition | null, { peak, codecs, groups }: Sound): string {
  const bits = video?.bitrate ?? 0;
  const attributes = [
    `BANDWIDTH=${bits + peak}`,
    `AVERAGE-BANDWIDTH=${Math.round(bits / PEAK_OVER_AVERAGE) + peak}`,
    `CODECS="${[...(video ? [video.codecs] : []), ...codecs].join(',')}"`,
  ];
  if (video) {
    attributes.push(
      `RESOLUTION=${video.width}x${video.height}`,
      `FRAME-RATE=${framesPerSecond(video.frameRate).toFixed(3)}`,
      `VIDEO-RANGE=${video.range ?? 'SDR'}`,
    );
  }
  return `#EXT-X-STREAM-INF:${[...attributes, ...groups].join(',')}`;
}

function mediaLine(group: string, audio: AudioRendition, name: string, chosen: boolean, alone: boolean): string {
  const language = languageTag(audio.language);
  return `#EXT-X-MEDIA:${[
    'TYPE=AUDIO',
    `GROUP-ID="${group}"`,
    `NAME="${name}"`,
    ...(language ? [`LANGUAGE="${language}"`] : []),
    `DEFAULT=${chosen ? 'YES' : 'NO'}`,
    'AUTOSELECT=YES',
    `CHANNELS="${audio.channels}"`,
    ...(chosen && alone ? [] : [`URI="${audio.id}/index.m3u8"`]),
  ].join(',')}`;
}

function microseconds(ticks: number): number {
  return Math.round((ticks * 1e6) / TIMESCALE);
}
