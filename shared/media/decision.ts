import { burnedTrack, isAss, trackUse } from './burned.ts';
import type { Delivery, DeviceProfile } from './device-profile.ts';
import { codecOfEncoder, isHardwareEncoder } from './encoders.ts';
import { type AudioStream, type MediaInfo, mainVideo, type SubtitleStream, type VideoStream } from './media-info.ts';
import type { Plan, PlanReason, SubtitleTrack, VideoRendition } from './plan.ts';
import { copiedVideo, transcodeLadder, videoBitrate } from './renditions.ts';
import { audioRenditions, copiesAudio, defaultAudio, playedOfFile } from './sound.ts';
import { audioObstacles, containerObstacles, videoObstacles } from './support.ts';

/** Everything that the decision may look at. */
export interface DecisionInput {
  media: MediaInfo;
  profile: DeviceProfile;
  /** Index of the sound track that the viewer chose; absent is the file's own default. */
  audioStream?: number | undefined;
  /** Index of subtitles that are to be painted into the picture; text that the client draws is no reason to. Null is none. */
  subtitleStream?: number | null | undefined;
  /** Language of the text that the viewer will show; then nothing is painted by itself. */
  subtitleLanguage?: string | undefined;
  /** Bits per second that the viewer allows. */
  maxBitrate?: number | undefined;
  /** Of the machine that would do the work: ffmpeg's names of its video encoders, and whether it paints text too. */
  agent: { videoEncoders: readonly string[]; paintsText?: boolean | undefined };
  /** The file is to be kept, not played: whatever is in it, it comes as it is or not at all. */
  asItIs?: boolean | undefined;
  /** The machine cannot tell where the file's keyframes are, so its picture cannot be cut without transcoding. */
  keyframesUnknown?: boolean | undefined;
}

/** No way of delivery is left; `detail` is a sentence for a person. */
export interface NotPlayable {
  mode: 'none';
  reasons: PlanReason[];
  detail: string;
}

/** How one copy reaches one client: as it is, in another container, or transcoded; with every reason why. */
export function decide(input: DecisionInput): Plan | NotPlayable {
  const plan = decideAsAsked(input);
  // Nobody asked for the subtitles that the film brings: without them is better than not at all.
  if (plan.mode !== 'none' || input.subtitleStream !== undefined) return plan;
  return decideAsAsked({ ...input, subtitleStream: null });
}

function decideAsAsked(input: DecisionInput): Plan | NotPlayable {
  const { media, profile } = input;
  const forms = profile.subtitles ?? ['text', 'ass'];
  const video = mainVideo(media);
  const usual = defaultAudio(media);
  const audio = input.audioStream === undefined ? usual : streamOf(media, input.audioStream);
  if (!video && media.audio.length === 0) return none([], 'The file holds neither picture nor sound.');
  if (input.audioStream !== undefined && !audio) {
    return none([], `The file has no sound track ${input.audioStream}.`);
  }

  const limit = Math.min(input.maxBitrate ?? Infinity, profile.maxBitrate ?? Infinity);
  const tooMany: PlanReason[] =
    (media.bitrate ?? 0) > limit ? [{ code: 'bitrate-limit', detail: kilobits(limit) }] : [];
  const use = trackUse(profile, input.agent.paintsText ?? false);
  const burned = burnedTrack(media, audio, input, use);
  const burning: PlanReason[] = burned ? [{ code: 'subtitle-burn-in', detail: burned.codec }] : [];
  // What lies beside the film does not come with it.
  const drawn = burned?.form === 'image' && !burned.external && forms.includes('image');
  const unplayed: PlanReason[] = [
    ...containerObstacles(profile.file, media),
    ...(video ? videoObstacles(profile.file, video) : []),
    ...(audio ? audioObstacles(profile.file, audio) : []),
    ...(audio === playedOfFile(media) ? [] : [{ code: 'audio-track-chosen' as const }]),
    ...(drawn ? [] : burning),
  ];
  const direct = [...(input.asItIs ? [] : unplayed), ...tooMany];
  const subtitles = tracksOf(media, use.drawn, forms.includes('ass'));
  const burnable = video ? tracksOf(media, use.painted, false) : [];
  const chosen = media.subtitles.find(({ index }) => index === input.subtitleStream);
  if (video && chosen && !burned && !use.drawn(chosen)) {
    return none([], `${profile.name} draws no subtitles, and the machine that holds the file cannot paint text.`);
  }
  if (direct.length === 0) return { mode: 'direct', reasons: [], video: [], audio: [], subtitles, burnable };
  if (input.asItIs) return none(direct, `The file takes more than the ${kilobits(limit)} that you may take from here.`);
  if (media.durationMs === 0) return none(direct, 'The file does not say how long it is.');

  const segments = profile.segments;
  const copied = video ? copiedVideo(video, videoBitrate(media, video)) : null;
  const picture: PlanReason[] = video
    ? [
        ...videoObstacles(segments, video),
        ...(input.keyframesUnknown ? [{ code: 'keyframes-unknown' as const }] : []),
        ...burning,
        ...tooMany,
      ]
    : [];
  const reasons = distinct([...direct, ...picture, ...(audio ? audioObstacles(segments, audio) : [])]);
  const made = audio ? audioRenditions(media, segments, audio, limit) : [];
  const sound = made.filter(({ action, codec }) => action === 'copy' || codec !== 'aac' || takesAac(segments));
  if (audio && !sound.some(({ stream }) => stream === audio.index)) {
    return none(reasons, `${profile.name} takes neither this sound nor AAC.`);
  }
  const keepsPicture = picture.length === 0 && copied !== null;
  if (!video || keepsPicture) {
    const keepsAll = video !== null || !audio || copiesAudio(audio, segments);
    const mode = keepsAll ? 'remux' : 'transcode';
    return { mode, reasons, video: copied ? [copied] : [], audio: sound, subtitles, burnable };
  }

  const loudest = Math.max(0, ...sound.map(({ bitrate }) => bitrate));
  const ladder = videoLadder(input, video, limit - loudest);
  if ('mode' in ladder) return { ...ladder, reasons };
  const pictures = burned ? ladder.map((rendition) => ({ ...rendition, burnIn: burned.index })) : ladder;
  return { mode: 'transcode', reasons, video: pictures, audio: sound, subtitles, burnable };
}

/** The thriftiest first: for the same picture H.264 needs about twice the bits of the others. */
const MADE_CODECS = ['hevc', 'av1', 'h264'] as const;

function videoLadder(input: DecisionInput, video: VideoStream, limit: number): VideoRendition[] | NotPlayable {
  const { profile, agent } = input;
  const supports = MADE_CODECS.flatMap((codec) => {
    const support = profile.segments.video.find((known) => known.codec === codec);
    return support ? [{ codec, support }] : [];
  });
  if (supports.length === 0) return none([], `${profile.name} takes neither this picture nor H.264.`);
  const made = supports.flatMap(({ codec, support }) => {
    const encoders = agent.videoEncoders.filter((encoder) => codecOfEncoder(encoder) === codec);
    return encoders.length > 0 ? [{ codec, support, hardware: encoders.some(isHardwareEncoder) }] : [];
  });
  // A chip's H.264 is worth more than a processor's HEVC, which is several times the work.
  const best = made.find(({ hardware }) => hardware) ?? made[0];
  if (!best) {
    return none([], 'The machine that holds the file has no H.264 encoder: install ffmpeg with libx264 there.');
  }
  const sourceBitrate = videoBitrate(input.media, video);
  return transcodeLadder({ video, sourceBitrate, ...best, limit: Number.isFinite(limit) ? limit : null });
}

function streamOf(media: MediaInfo, index: number): AudioStream | null {
  return media.audio.find((stream) => stream.index === index) ?? null;
}

function takesAac(delivery: Delivery): boolean {
  return delivery.audio.some((known) => known.codec === 'aac');
}

/** Text goes to a client that draws it as it is; the rest has to be painted into the film. */
function tracksOf(media: MediaInfo, wanted: (track: SubtitleStream) => boolean, drawsAss: boolean): SubtitleTrack[] {
  return media.subtitles.filter(wanted).map(({ index, codec, language, title, forced, default: isDefault, sdh }) => ({
    stream: index,
    language,
    title,
    forced,
    default: isDefault,
    sdh,
    ...(drawsAss && isAss({ codec }) ? { ass: true } : {}),
  }));
}

const kilobits = (bitsPerSecond: number) => `${Math.round(bitsPerSecond / 1000)} kbit/s`;

function distinct(reasons: PlanReason[]): PlanReason[] {
  const seen = new Map(reasons.map((reason) => [`${reason.code} ${reason.detail ?? ''}`, reason]));
  return [...seen.values()];
}

function none(reasons: PlanReason[], detail: string): NotPlayable {
  return { mode: 'none', reasons, detail };
}
