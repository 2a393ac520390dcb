import type { AudioRendition, Plan, SubtitleTrack, VideoRendition } from '../../shared/media/plan.ts';
import { SUBTITLE_WINDOW_S } from '../../shared/media/subtitle-windows.ts';
import { TIMESCALE, type Timeline } from '../../shared/media/timeline.ts';
import { languageTag, trackNames } from './track-names.ts';

/** Bits per second of the wordiest film, for players' sums. */
const TEXT_BITRATE = 2000;

/**
 * The DASH manifest of the same segments: one period, one template on the timeline's boundaries; text tracks in windows
 * of one length.
 */
export function dashManifest(
  plan: Pick<Plan, 'video' | 'audio' | 'subtitles'>,
  timeline: Pick<Timeline, 'runs'>,
): string {
  const ticks = timeline.runs.reduce((sum, [duration, count]) => sum + duration * count, 0);
  const template = segmentTemplate(timeline);
  const labels = labelsOf(plan.audio);
  const sets = [
    ...(plan.video.length > 0 ? [videoSet(plan.video, template)] : []),
    ...plan.audio.map((audio) => audioSet(audio, labels.get(audio.stream) ?? '', template)),
    ...textSets(plan.subtitles),
  ];
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" profiles="urn:mpeg:dash:profile:isoff-live:2011" type="static"' +
      ` mediaPresentationDuration="PT${(ticks / TIMESCALE).toFixed(3)}S" minBufferTime="PT4S">`,
    '<Period start="PT0S">',
    ...sets,
    '</Period>',
    '</MPD>',
    '',
  ].join('\n');
}

function segmentTemplate(timeline: Pick<Timeline, 'runs'>): string {
  const runs = timeline.runs.map(([duration, count], at) => {
    const start = at === 0 ? ' t="0"' : '';
    return `<S${start} d="${duration}"${count > 1 ? ` r="${count - 1}"` : ''}/>`;
  });
  return (
    `<SegmentTemplate timescale="${TIMESCALE}" startNumber="0" initialization="$RepresentationID$/init.mp4"` +
    ` media="$RepresentationID$/$Number$.m4s"><SegmentTimeline>${runs.join('')}</SegmentTimeline></SegmentTemplate>`
  );
}

function videoSet(renditions: readonly VideoRendition[], template: string): string {
  const representations = renditions.map(
    ({ id, codecs, bitrate, width, height, frameRate }) =>
      `<Representation id="${id}" codecs="${codecs}" bandwidth="${bitrate}" width="${width}" height="${height}"` +
      ` frameRate="${frameRate.num}/${frameRate.den}"/>`,
  );
  const range = renditions[0]?.range;
  return adaptationSet('video', '', [...(range ? colours(range) : []), template, ...representations]);
}

/** Code points of ISO/IEC 23091-2 for pictures in high dynamic range: what HLS says in VIDEO-RANGE. */
function colours(range: NonNullable<VideoRendition['range']>): string[] {
  const property = (name: string, value: number) =>
    `<SupplementalProperty schemeIdUri="urn:mpeg:mpegB:cicp:${name}" value="${value}"/>`;
  return [
    property('ColourPrimaries', 9),
    property('TransferCharacteristics', range === 'PQ' ? 16 : 18),
    property('MatrixCoefficients', 9),
  ];
}

/** A name for each source track: its layouts share one. */
function labelsOf(audio: readonly AudioRendition[]): Map<number, string> {
  const tracks = audio.filter(({ stream }, at) => audio.findIndex((other) => other.stream === stream) === at);
  const names = trackNames(tracks);
  return new Map(tracks.map(({ stream }, at) => [stream, escaped(names[at] as string)]));
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function audioSet(audio: AudioRendition, label: string, template: string): string {
  const language = languageTag(audio.language);
  const representation =
    `<Representation id="${audio.id}" codecs="${audio.codecs}" bandwidth="${audio.bitrate}"` +
    ` audioSamplingRate="${audio.sampleRate}"><AudioChannelConfiguration` +
    ` schemeIdUri="urn:mpeg:dash:23003:3:audio_channel_configuration:2011" value="${audio.channels}"/></Representation>`;
  const role = `<Role schemeIdUri="urn:mpeg:dash:role:2011" value="${audio.default ? 'main' : 'alternate'}"/>`;
  return adaptationSet('audio', language ? ` lang="${language}"` : '', [
    `<Label>${label}</Label>`,
    role,
    template,
    representation,
  ]);
}

/** Roles by which players know a track for the deaf, and one that belongs to the film. */
function rolesOf({ sdh, forced }: SubtitleTrack, first: boolean): string[] {
  const kind = forced ? 'forced-subtitle' : sdh ? 'caption' : 'subtitle';
  return [...(first ? ['main'] : []), kind].map(
    (role) => `<Role schemeIdUri="urn:mpeg:dash:role:2011" value="${role}"/>`,
  );
}

function textSets(tracks: readonly SubtitleTrack[]): string[] {
  const names = trackNames(tracks);
  const first = tracks.find((track) => track.default);
  return tracks.map((track, at) => {
    const language = languageTag(track.language);
    return [
      `<AdaptationSet contentType="text" mimeType="text/vtt"${language ? ` lang="${language}"` : ''}>`,
      `<Label>${escaped(names[at] as string)}</Label>`,
      ...rolesOf(track, track === first),
      `<SegmentTemplate timescale="1" duration="${SUBTITLE_WINDOW_S}" startNumber="0"` +
        ` media="subtitles/$RepresentationID$/$Number$.vtt"/>`,
      `<Representation id="${track.stream}" bandwidth="${TEXT_BITRATE}"/>`,
      '</AdaptationSet>',
    ].join('\n');
  });
}

function adaptationSet(kind: 'video' | 'audio', attributes: string, children: string[]): string {
  return [
    `<AdaptationSet contentType="${kind}" mimeType="${kind}/mp4" segmentAlignment="true" startWithSAP="1"${attributes}>`,
    ...children,
    '</AdaptationSet>',
  ].join('\n');
}
