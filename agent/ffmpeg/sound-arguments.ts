import type { AudioRendition } from '../../shared/media/plan.ts';
import { downmixFilters } from './downmix.ts';
import { common, inputOf, MOVFLAGS, OUTPUT, type SegmentInput, seek, time } from './segment-arguments.ts';

/** Frames that are encoded and dropped, so that the encoder's state at a boundary does not depend on it. */
const AUDIO_PREROLL_FRAMES = 8;
/** Sound is read from this much before, so that the first wanted sample is never the decoder's first. */
const AUDIO_LEAD_SECONDS = 0.25;

/** Encodes sound from frame `fromFrame` (of `frameSamples`, counted from the film's start) until `toFrame`. */
export function audioTranscodeArguments(options: {
  input: SegmentInput;
  rendition: AudioRendition;
  source: { channels: number; sampleRate: number };
  frameSamples: number;
  fromFrame: number;
  toFrame: number;
}): string[] {
  const { input, rendition, source, frameSamples, fromFrame, toFrame } = options;
  const rate = rendition.sampleRate;
  const first = Math.max(0, fromFrame - AUDIO_PREROLL_FRAMES) * frameSamples;
  const lead = first / rate - AUDIO_LEAD_SECONDS;
  const filters = [
    `asetpts=PTS-${time(input.startTime)}/TB`,
    ...(lead > 0 ? [`atrim=start=${time(lead)}`] : []),
    // On its own: where the rate changes, `first_pts` counts in samples of the input.
    ...(source.sampleRate === rate ? [] : [`aresample=${rate}`]),
    `aresample=${rate}:async=1:min_comp=0.0001:min_hard_comp=0.1:first_pts=${first}`,
    // Silence up to the film's end. Where nothing at all comes any more, it has no times but these.
    'apad',
    `asetpts=N+${first}`,
    // One frame more: the encoder's own delay pushes the last one out.
    `atrim=end_pts=${(toFrame + 1) * frameSamples}`,
    ...downmixFilters(source.channels, rendition.channels),
  ];
  return [
    ...common(input),
    ...seek(Math.max(0, lead), input),
    ...shortProbe(input),
    ...inputOf(input, rendition.stream),
    ...['-vn', '-sn', '-dn', '-af', filters.join(','), '-ac', String(rendition.channels), '-ar', String(rate)],
    ...['-c:a', rendition.codec, '-b:a', `${Math.round(rendition.bitrate / 1000)}k`],
    // What goes into AC-3's header is only known from its first packet.
    ...['-movflags', rendition.codec === 'aac' ? MOVFLAGS : `${MOVFLAGS}+delay_moov`],
    ...[...OUTPUT, 'pipe:1'],
  ];
}

/** What makes sound of a codec that is otherwise copied. */
const FILLERS: Partial<Record<AudioRendition['codec'], { encoder: string; frameSamples: number; channels: number }>> = {
  aac: { encoder: 'aac', frameSamples: 1024, channels: 8 },
  mp3: { encoder: 'libmp3lame', frameSamples: 1152, channels: 2 },
  ac3: { encoder: 'ac3', frameSamples: 1536, channels: 6 },
  eac3: { encoder: 'eac3', frameSamples: 1536, channels: 6 },
  opus: { encoder: 'libopus', frameSamples: 960, channels: 8 },
  flac: { encoder: 'flac', frameSamples: 1024, channels: 8 },
};

/** Whether holes in a copied track can be filled. */
export function canFillSound({ codec, channels }: Pick<AudioRendition, 'codec' | 'channels'>): boolean {
  return channels <= (FILLERS[codec]?.channels ?? 0);
}

/**
 * Encodes what there is of a copied track between two moments, and silence where there is nothing, in the codec and with
 * the clock of what is copied before and after it.
 */
export function audioFillArguments(options: {
  input: SegmentInput;
  rendition: AudioRendition;
  fromSeconds: number;
  toSeconds: number;
}): string[] {
  const { input, rendition, fromSeconds, toSeconds } = options;
  const { sampleRate, bitrate, channels, codec } = rendition;
  const { encoder, frameSamples } = FILLERS[codec] ?? { encoder: codec, frameSamples: 0 };
  const samples = (seconds: number) => Math.round((seconds + input.startTime) * sampleRate);
  const early = fromSeconds > 0 ? AUDIO_PREROLL_FRAMES * frameSamples : 0;
  const first = samples(fromSeconds) - early;
  const lead = fromSeconds - early / sampleRate - AUDIO_LEAD_SECONDS;
  const filters = [
    ...(lead > 0 ? [`atrim=start=${time(lead + input.startTime)}`] : []),
    `aresample=${sampleRate}:async=1:min_comp=0.0001:min_hard_comp=0.1:first_pts=${first}`,
    ...['apad', `asetpts=N+${first}`, `atrim=end_pts=${samples(toSeconds) + 2 * frameSamples}`],
  ];
  return [
    ...common(input),
    ...seek(Math.max(0, lead), input),
    ...shortProbe(input),
    ...inputOf(input, rendition.stream),
    ...['-vn', '-sn', '-dn', '-af', filters.join(','), '-ac', String(channels), '-ar', String(sampleRate)],
    ...['-c:a', encoder, '-b:a', `${Math.round(bitrate / 1000)}k`, '-strict', 'experimental'],
    ...['-movflags', `${MOVFLAGS}+delay_moov`],
    ...[...OUTPUT, 'pipe:1'],
  ];
}

/** Copies sound from `fromSeconds` on. AC-3's and others' headers can only be written after their first packet. */
export function audioCopyArguments(options: {
  input: SegmentInput;
  rendition: AudioRendition;
  fromSeconds: number;
}): string[] {
  const { input, rendition, fromSeconds } = options;
  return [
    ...common(input),
    ...seek(Math.max(0, fromSeconds - AUDIO_LEAD_SECONDS), input),
    ...shortProbe(input),
    ...inputOf(input, rendition.stream),
    ...['-vn', '-sn', '-dn', '-c:a', 'copy', '-strict', 'experimental'],
    // Out of MPEG-TS each frame has its own header; with a late moov ffmpeg does not see that by itself.
    ...(rendition.codec === 'aac' ? ['-bsf:a', 'aac_adtstoasc'] : []),
    ...['-movflags', `${MOVFLAGS}+delay_moov`],
    ...[...OUTPUT, 'pipe:1'],
  ];
}

/**
 * For sound: ffmpeg would otherwise decode pictures of the film to learn about them, while the first segment's
 * pictures wait for the CPU.
 */
function shortProbe(input: SegmentInput): string[] {
  return input.complete ? ['-probesize', '200000', '-analyzeduration', '200000'] : [];
}
