import { framesPerSecond } from '../../shared/media/codecs.ts';
import type { AudioRendition, Plan, VideoRendition } from '../../shared/media/plan.ts';
import { TIMESCALE, type Timeline } from '../../shared/media/timeline.ts';
import { SUBTITLE_GROUP, subtitleLines } from './hls-subtitles.ts';
import { languageTag, trackNames } from './track-names.ts';

/** EXT-X-MAP outside of I-frame playlists needs 6; 7 is what fragmented MP4 is usually announced with. */
const VERSION = 7;

const AUDIO_GROUP = 'audio';

/** How far announced peaks lie above the average; renditions know their peak only. */
const PEAK_OVER_AVERAGE = 1.5;

/** The master playlist of a plan (RFC 8216): a variant for each picture, a group of sound tracks and one of subtitles. */
export function masterPlaylist(plan: Pick<Plan, 'video' | 'audio' | 'subtitles'>): string {
  const lines = ['#EXTM3U', `#EXT-X-VERSION:${VERSION}`, '#EXT-X-INDEPENDENT-SEGMENTS'];
  const chosen = plan.audio.find((audio) => audio.default) ?? plan.audio[0];
  // Sound alone with one track is a plain variant; a group of one would be the same playlist twice.
  const grouped = plan.video.length > 0 ? plan.audio.length > 0 : plan.audio.length > 1;
  if (grouped) {
    const names = trackNames(plan.audio);
    // The variant's own playlist is already the chosen track's sound, so its group entry needs no address.
    const alone = plan.video.length === 0;
    plan.audio.forEach((audio, at) => {
      lines.push(mediaLine(audio, names[at] as string, alone && audio === chosen));
    });
  }
  lines.push(...subtitleLines(plan.subtitles));
  const sound = soundOf(plan.audio, chosen);
  const groups = [
    ...(grouped ? [`AUDIO="${AUDIO_GROUP}"`] : []),
    ...(plan.subtitles.length > 0 ? [`SUBTITLES="${SUBTITLE_GROUP}"`] : []),
  ];
  for (const video of plan.video) {
    lines.push(streamLine(video, sound, groups), `${video.id}/index.m3u8`);
  }
  if (plan.video.length === 0 && chosen) {
    lines.push(streamLine(null, sound, groups), `${chosen.id}/index.m3u8`);
  }
  return `${lines.join('\n')}\n`;
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
}

/** The loudest track in bits, and every codec of the group, the chosen track's first. */
function soundOf(audio: readonly AudioRendition[], chosen: AudioRendition | undefined): Sound {
  const first = chosen ? [chosen.codecs] : [];
  return {
    peak: Math.max(0, ...audio.map((track) => track.bitrate)),
    codecs: [...new Set([...first, ...audio.map((track) => track.codecs)])],
  };
}

function streamLine(video: VideoRendition | null, sound: Sound, groups: readonly string[]): string {
  const bits = video?.bitrate ?? 0;
  const attributes = [
    `BANDWIDTH=${bits + sound.peak}`,
    `AVERAGE-BANDWIDTH=${Math.round(bits / PEAK_OVER_AVERAGE) + sound.peak}`,
    `CODECS="${[...(video ? [video.codecs] : []), ...sound.codecs].join(',')}"`,
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

function mediaLine(audio: AudioRendition, name: string, inVariant: boolean): string {
  const language = languageTag(audio.language);
  return `#EXT-X-MEDIA:${[
    'TYPE=AUDIO',
    `GROUP-ID="${AUDIO_GROUP}"`,
    `NAME="${name}"`,
    ...(language ? [`LANGUAGE="${language}"`] : []),
    `DEFAULT=${audio.default ? 'YES' : 'NO'}`,
    'AUTOSELECT=YES',
    `CHANNELS="${audio.channels}"`,
    ...(inVariant ? [] : [`URI="${audio.id}/index.m3u8"`]),
  ].join(',')}`;
}

function microseconds(ticks: number): number {
  return Math.round((ticks * 1e6) / TIMESCALE);
}
