import { describe, expect, it } from 'vitest';
import { decide } from '../../shared/media/decision.ts';
import type { DeviceProfile } from '../../shared/media/device-profile.ts';
import type { MediaInfo } from '../../shared/media/media-info.ts';
import { TIMESCALE } from '../../shared/media/timeline.ts';
import {
  audioStream,
  CHROMIUM,
  mediaInfo,
  subtitleStream,
  TELEVISION,
  videoStream,
} from '../../test/fakes/media-samples.ts';
import { powerOf } from '../ffmpeg/encoding-power.ts';
import { frameBoundaries, timelineOf } from './boundaries.ts';
import { fileInput } from './film.ts';
import type { TextFolderOf } from './painted-into.ts';
import { recipesOf } from './recipes.ts';
import { TextFolder } from './subtitles/text-folder.ts';
import { createWayHealth } from './way-health.ts';

/** The segment that begins at 20 s. */
const SEGMENT = 7;

/** The decision for a film, and the argv of its first picture's and each sound's process at 20 s, as it would be typed. */
function made(media: MediaInfo, profile: DeviceProfile, videoEncoders: readonly string[] = ['libx264']) {
  const path = `/films/a.${media.container}`;
  const plan = decide({ media, profile, agent: { videoEncoders } });
  if (plan.mode === 'none') throw new Error(plan.detail);
  const [picture] = plan.video;
  if (!picture) throw new Error(plan.mode);
  const { frameRate } = picture;
  const ticks = (media.durationMs * TIMESCALE) / 1000;
  const timeline = timelineOf(frameBoundaries(ticks, frameRate), { frameRate, startTime: media.startTime });
  const copy = { path, size: 1, mtimeMs: 1, fingerprint: 'f'.repeat(32), media, externalSubtitles: new Map() };
  const textFolder: TextFolderOf = (_, track) => new TextFolder('/cache/painted/1', track, () => Promise.reject());
  const making = { power: powerOf(videoEncoders), health: createWayHealth(), preset: 'veryfast', textFolder };
  const recipes = recipesOf({ film: { copy, input: fileInput(path), made: () => null }, plan, timeline, making });
  const [pictures, ...sounds] = [picture, ...plan.audio].map(({ id }) => {
    const recipe = recipes.get(id);
    return recipe?.process(SEGMENT, recipe.way(new Set(), false) ?? -1, SEGMENT + 2).args.join(' ');
  });
  return { mode: plan.mode, why: plan.reasons.map(({ code, detail }) => detail ?? code), pictures, sounds };
}

const minute = { durationMs: 60_000 };
const vc1 = (more: Parameters<typeof videoStream>[0] = {}) => [
  videoStream({ codec: 'vc1', profile: 'Advanced', level: 3, frameRate: { num: 25, den: 1 }, ...more }),
];

const COMMON = '-hide_banner -nostdin -loglevel error -protocol_whitelist file,pipe -copyts';
const KEYFRAMES = '23.990000,27.990000,31.990000,35.990000,39.990000,43.990000,47.990000,51.990000,55.990000';
const MP4 = '-movflags +cmaf+empty_moov+default_base_moof+frag_discont+frag_every_frame+skip_trailer';
const OUT =
  '-use_editlist 0 -avoid_negative_ts disabled -map_metadata -1 -map_chapters -1 -flush_packets 1 -f mp4 pipe:1';
const REST = `-g 9999 -force_key_frames ${KEYFRAMES} -bsf:v dump_extra=freq=keyframe -video_track_timescale 90000 ${MP4} ${OUT}`;
const X264 = '-c:v libx264 -preset veryfast -crf 23 -sc_threshold 0 -rc-lookahead 4';
const GRID = 'fps=fps=25/1:start_time=20.000000,trim=end_pts=1500';
const PAD = 'tpad=stop_mode=clone:stop_duration=10';
const RESAMPLED =
  'aresample=48000:async=1:min_comp=0.0001:min_hard_comp=0.1:first_pts=952320,apad,asetpts=N+952320,atrim=end_pts=2881536';

/** No ffmpeg encodes these, so that the samples that are played have none of them. */
describe('a film of which no sample can be made', () => {
  it('VC-1 of a disc, interlaced, with DTS-HD, is woven and encoded; its stream has no index and is read from before', () => {
    const { mode, why, pictures, sounds } = made(
      mediaInfo({
        ...{ ...minute, container: 'ts', startTime: 600, video: vc1({ interlaced: true }) },
        audio: [audioStream({ codec: 'dts', profile: 'DTS-HD MA', channels: 8 })],
      }),
      CHROMIUM,
    );
    expect([mode, ...why]).toEqual(['transcode', 'ts', 'vc1', 'video-interlaced', 'dts']);
    expect(pictures).toBe(
      `${COMMON} -noaccurate_seek -ss 8.000000 -i file:/films/a.ts -map 0:0 -an -sn -dn -vf settb=1/90000,` +
        `setpts=PTS-54000000,bwdif=mode=send_frame:deint=interlaced,${PAD},${GRID},scale=1920:1080:flags=bilinear,` +
        `setsar=1,format=yuv420p -fps_mode passthrough ${X264} -maxrate 8000k -bufsize 16000k -profile:v high ` +
        `-level 4.0 ${REST}`,
    );
    const mixes = [
      ['pan=5.1|FL=FL|FR=FR|FC=FC|LFE=LFE|BL=0.5*BL+0.5*SL|BR=0.5*BR+0.5*SR -ac 6', '384k'],
      ['pan=stereo|FL=0.35*FL+0.45*FC+0.1*BL+0.1*SL|FR=0.35*FR+0.45*FC+0.1*BR+0.1*SR -ac 2', '160k'],
    ];
    expect(sounds).toEqual(
      mixes.map(
        ([mix, rate]) =>
          `${COMMON} -noaccurate_seek -ss 7.590000 -i file:/films/a.ts -map 0:1 -vn -sn -dn -af ` +
          `asetpts=PTS-600.000000/TB,atrim=start=19.590000,${RESAMPLED},aformat=channel_layouts=7.1,${mix} ` +
          `-ar 48000 -c:a aac -b:a ${rate} ${MP4} ${OUT}`,
      ),
    );
  });

  it('VC-1 of Windows Media is encoded from the moment itself', () => {
    const { mode, why, pictures } = made(
      mediaInfo({
        ...{ ...minute, container: 'wmv', video: vc1({ profile: 'Main', width: 1280, height: 720 }) },
        audio: [audioStream({ codec: 'wmapro', profile: null, channels: 6 })],
      }),
      TELEVISION,
    );
    expect([mode, ...why]).toEqual(['transcode', 'wmv', 'vc1', 'wmapro']);
    expect(pictures).toBe(
      `${COMMON} -noaccurate_seek -ss 20.000000 -i file:/films/a.wmv -map 0:0 -an -sn -dn -vf settb=1/90000,` +
        `setpts=PTS-0,${PAD},${GRID},scale=1280:720:flags=bilinear,setsar=1,format=yuv420p -fps_mode passthrough ` +
        `${X264} -maxrate 4000k -bufsize 8000k -profile:v high -level 3.1 ${REST}`,
    );
  });

  it('VC-1 on a machine with a chip is decoded, scaled and encoded there', () => {
    const { mode, why, pictures } = made(mediaInfo({ ...minute, container: 'mkv', video: vc1() }), TELEVISION, [
      'h264_nvenc',
      'libx264',
    ]);
    expect([mode, ...why]).toEqual(['transcode', 'vc1']);
    expect(pictures).toBe(
      `${COMMON} -init_hw_device cuda=gpu -filter_hw_device gpu -hwaccel cuda -hwaccel_device gpu ` +
        '-hwaccel_output_format cuda -extra_hw_frames 8 -noautorotate -noaccurate_seek -ss 20.000000 ' +
        `-i file:/films/a.mkv -map 0:0 -an -sn -dn -vf settb=1/90000,setpts=PTS-0,format=nv12|p010le|cuda,hwupload,` +
        `${GRID},scale_cuda=1920:1080:format=nv12,setsar=1 -fps_mode passthrough -c:v h264_nvenc -preset p4 -rc vbr ` +
        `-cq 24 -b:v 0 -maxrate 8000k -bufsize 16000k -forced-idr 1 -no-scenecut 1 -profile:v high ${REST}`,
    );
  });

  it('VC-1 with forced PGS in its language has that painted in, and TrueHD with Atmos becomes what the client takes', () => {
    const forced = subtitleStream({ codec: 'hdmv_pgs_subtitle', form: 'image', forced: true });
    const { mode, why, pictures, sounds } = made(
      mediaInfo({
        ...{ ...minute, container: 'mkv', video: vc1(), subtitles: [forced] },
        audio: [audioStream({ codec: 'truehd', profile: 'Dolby TrueHD + Dolby Atmos', channels: 8 })],
      }),
      TELEVISION,
    );
    expect([mode, ...why]).toEqual(['transcode', 'vc1', 'truehd', 'hdmv_pgs_subtitle']);
    expect(pictures).toContain(
      '-noaccurate_seek -ss 10.000000 -i file:/films/a.mkv -filter_complex ' +
        `[0:0]settb=1/90000,setpts=PTS-0,${PAD},${GRID},scale=1920:1080:flags=bilinear,setsar=1[picture];` +
        '[0:2]scale=1920:1080:force_original_aspect_ratio=decrease:flags=bilinear[canvas];' +
        '[picture][canvas]overlay=x=(W-w)/2:y=H-h:eof_action=pass,format=yuv420p[v] -map [v] -an -sn -dn',
    );
    expect(sounds[0]).toContain('-c:a aac -b:a 384k');
  });
});
