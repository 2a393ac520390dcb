import type { ItemCopy } from '../../../shared/api/items.ts';
import type { AudioStream, MediaInfo, SubtitleStream, VideoStream } from '../../../shared/media/media-info.ts';
import { bytes, languageName } from '../../ui/format.ts';

const CODECS: Readonly<Record<string, string>> = {
  h264: 'H.264',
  hevc: 'HEVC',
  av1: 'AV1',
  vp9: 'VP9',
  vp8: 'VP8',
  mpeg2video: 'MPEG-2',
  mpeg4: 'MPEG-4',
  vc1: 'VC-1',
  aac: 'AAC',
  ac3: 'Dolby Digital',
  eac3: 'Dolby Digital+',
  truehd: 'Dolby TrueHD',
  dts: 'DTS',
  flac: 'FLAC',
  opus: 'Opus',
  mp3: 'MP3',
  vorbis: 'Vorbis',
};

const HDR = { none: null, hdr10: 'HDR10', hlg: 'HLG', 'dolby-vision': 'Dolby Vision' } as const;

export const codecName = (codec: string) => CODECS[codec] ?? codec.toUpperCase();

/** 4K, 1080p, …: by width too, since wide films have fewer lines than their class. */
export function resolutionName({ width, height }: Pick<VideoStream, 'width' | 'height'>): string {
  const classes = [
    [7000, 4000, '8K'],
    [3400, 1800, '4K'],
    [2400, 1350, '1440p'],
    [1800, 1000, '1080p'],
    [1200, 680, '720p'],
    [900, 560, '576p'],
    [600, 440, '480p'],
  ] as const;
  return classes.find(([w, h]) => width >= w || height >= h)?.[2] ?? `${height}p`;
}

export function channelsName(channels: number): string {
  const names: Readonly<Record<number, string>> = { 1: 'Mono', 2: 'Stereo', 6: '5.1', 7: '6.1', 8: '7.1' };
  return names[channels] ?? `${channels} channels`;
}

/** What a copy is made of, as badges: 1080p, HEVC, HDR10, 5.1, MKV. */
export function qualityBadges(media: MediaInfo): string[] {
  const video = media.video[0];
  const audio = media.audio.find((stream) => stream.default) ?? media.audio[0];
  return [
    video && resolutionName(video),
    video && codecName(video.codec),
    video && HDR[video.hdr],
    audio && channelsName(audio.channels),
    media.container.toUpperCase(),
  ].filter((badge): badge is string => Boolean(badge));
}

/** What one gets for how much: `1080p HEVC, 4.2 GB`. */
export function sizeWords({ media, size }: Pick<ItemCopy, 'media' | 'size'>): string {
  const video = media.video[0];
  const audio = media.audio[0];
  const quality = video ? `${resolutionName(video)} ${codecName(video.codec)}` : audio && codecName(audio.codec);
  return [quality, bytes(size)].filter(Boolean).join(', ');
}

/** The copies whose machines are on, and of those with the same bytes one. */
export function copiesToKeep(copies: readonly ItemCopy[]): ItemCopy[] {
  const online = copies.filter(({ agent }) => agent.online);
  const same = ({ size, media }: ItemCopy) => `${size} ${media.durationMs} ${media.container}`;
  return [...new Map(online.toReversed().map((copy) => [same(copy), copy])).values()].toReversed();
}

/** `English · Dolby Digital+ 5.1`, with the track's own title where it says more. */
export function audioName(audio: Pick<AudioStream, 'language' | 'title' | 'codec' | 'channels'>): string {
  const name = languageName(audio.language) ?? audio.title ?? 'Unknown language';
  const title = audio.title !== null && audio.title !== name ? audio.title : null;
  return [name, title, `${codecName(audio.codec)} ${channelsName(audio.channels)}`].filter(Boolean).join(' · ');
}

/** `English (SDH)`, `Spanish (forced)`. */
export function subtitleName(subtitle: Pick<SubtitleStream, 'language' | 'title' | 'forced' | 'sdh'>): string {
  const name = languageName(subtitle.language) ?? subtitle.title ?? 'Unknown language';
  const said = name.toLowerCase();
  const title = subtitle.title !== null && subtitle.title.toLowerCase() !== said ? subtitle.title : null;
  const notes = [
    title,
    subtitle.forced && !/forced/i.test(title ?? '') ? 'forced' : null,
    subtitle.sdh && !/sdh|cc/i.test(title ?? '') ? 'SDH' : null,
  ].filter(Boolean);
  return notes.length > 0 ? `${name} (${notes.join(', ')})` : name;
}
