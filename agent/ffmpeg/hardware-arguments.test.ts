import { describe, expect, it } from 'vitest';
import type { VideoStream } from '../../shared/media/media-info.ts';
import type { VideoRendition } from '../../shared/media/plan.ts';
import { type EncodingPower, powerOf, waysOf } from './encoding-power.ts';
import type { Device } from './hardware/device.ts';
import { ALL_DEVICES } from './hardware/devices.ts';
import { quickSync } from './hardware/qsv.ts';
import { videoTranscodeArguments } from './segment-arguments.ts';
import { encodingWay, type VideoWay, wholeWay } from './video-way.ts';

const RENDITION: VideoRendition = {
  ...{ id: 'v720', stream: 0, action: 'transcode', codec: 'h264', width: 1280, height: 720, bitrate: 4_000_000 },
  ...{ frameRate: { num: 25, den: 1 }, codecs: 'avc1.64001f', tonemap: false, deinterlace: false },
};
type Source = Pick<VideoStream, 'codec' | 'bitDepth' | 'hdr' | 'rotation' | 'cropped'>;
const SOURCE: Source = { codec: 'h264', bitDepth: 8, hdr: 'none', rotation: 0 };
const HDR_SOURCE: Source = { codec: 'hevc', bitDepth: 10, hdr: 'hdr10', rotation: 0 };

/** The whole argv of a transcode from 4 s to 8 s at 25 fps, as it would be typed. */
function line(way: VideoWay, rendition = RENDITION): string {
  const input = { url: 'file:/films/a.mkv', protocols: 'file,pipe', startTime: 0, seekMargin: 0, complete: true };
  const range = { fromFrame: 100, toFrame: 200, keyFrames: [150] };
  return videoTranscodeArguments({ input, rendition, rate: { num: 25, den: 1 }, ...range, way }).join(' ');
}

function deviceOf(name: string): Device {
  const device = name === 'qsv-windows' ? quickSync('win32') : ALL_DEVICES.find((each) => each.name === name);
  if (!device) throw new Error(`no ${name}`);
  return device;
}

/** With all that the device may have, or with what is named. */
function whole(
  name: string,
  source = SOURCE,
  change: Partial<VideoRendition> = {},
  tonemap?: string | null,
): VideoWay | null {
  const device = deviceOf(name);
  const ability = {
    deinterlace: device.deinterlace[0]?.name ?? null,
    tonemap: tonemap === undefined ? (device.tonemap[0]?.name ?? null) : tonemap,
    variant: [],
  };
  const turn = source.rotation as 0 | 90 | 180 | 270;
  return wholeWay(device, ability, { source, rendition: { ...RENDITION, ...change } }, turn);
}

/** The filters between the start's subtraction and the cut, and those after it. */
const filtersOf = (way: VideoWay | null) => way && [way.before.join(','), [...way.after, way.last].join(',')];

const COMMON = '-hide_banner -nostdin -loglevel error -protocol_whitelist file,pipe -copyts';
const INPUT = '-noaccurate_seek -ss 4.000000 -i file:/films/a.mkv -map 0:0 -an -sn -dn';
const REST =
  '-g 9999 -force_key_frames 5.990000 -bsf:v dump_extra=freq=keyframe -video_track_timescale 90000 ' +
  '-movflags +cmaf+empty_moov+default_base_moof+frag_discont+frag_every_frame+skip_trailer ' +
  '-use_editlist 0 -avoid_negative_ts disabled -map_metadata -1 -map_chapters -1 -flush_packets 1 -f mp4 pipe:1';
const RATE = '-b:v 3200k -maxrate 4000k -bufsize 8000k -profile:v high';

describe('the argv of a transcode that never leaves the chip', () => {
  it.each([
    [
      'nvenc',
      '-init_hw_device cuda=gpu -filter_hw_device gpu -hwaccel cuda -hwaccel_device gpu -hwaccel_output_format cuda -extra_hw_frames 8',
      'format=nv12|p010le|cuda,hwupload',
      'scale_cuda=1280:720:format=nv12',
      'h264_nvenc -preset p4 -rc vbr -cq 24 -b:v 0 -maxrate 4000k -bufsize 8000k -forced-idr 1 -no-scenecut 1 -profile:v high',
    ],
    [
      'qsv',
      '-init_hw_device vaapi=va:/dev/dri/renderD128 -init_hw_device qsv=qs@va -filter_hw_device qs -hwaccel qsv -hwaccel_device qs -hwaccel_output_format qsv',
      'format=nv12|p010le|qsv,hwupload=extra_hw_frames=16',
      'vpp_qsv=w=1280:h=720:format=nv12',
      `h264_qsv -preset veryfast -forced_idr 1 ${RATE}`,
    ],
    [
      'qsv-windows',
      '-init_hw_device d3d11va=dx -init_hw_device qsv=qs@dx -filter_hw_device qs -hwaccel qsv -hwaccel_device qs -hwaccel_output_format qsv',
      'format=nv12|p010le|qsv,hwupload=extra_hw_frames=16',
      'vpp_qsv=w=1280:h=720:format=nv12',
      `h264_qsv -preset veryfast -forced_idr 1 ${RATE}`,
    ],
    [
      'vaapi',
      '-init_hw_device vaapi=va:/dev/dri/renderD128 -filter_hw_device va -hwaccel vaapi -hwaccel_device va -hwaccel_output_format vaapi -extra_hw_frames 8',
      'format=nv12|p010le|vaapi,hwupload',
      'scale_vaapi=w=1280:h=720:format=nv12',
      `h264_vaapi -idr_interval 0 ${RATE}`,
    ],
    [
      'videotoolbox',
      '-init_hw_device videotoolbox=vt -filter_hw_device vt -hwaccel videotoolbox -hwaccel_output_format videotoolbox_vld',
      'format=nv12|p010le|videotoolbox_vld,hwupload',
      'scale_vt=w=1280:h=720',
      `h264_videotoolbox -realtime 1 -allow_sw 0 ${RATE}`,
    ],
    [
      'amf',
      '-init_hw_device d3d11va=dx -filter_hw_device dx -hwaccel d3d11va -hwaccel_device dx -hwaccel_output_format d3d11 -extra_hw_frames 8',
      'format=nv12|p010le|d3d11,hwupload',
      'vpp_amf=w=1280:h=720:format=nv12',
      `h264_amf -usage transcoding -quality speed -rc vbr_peak -forced_idr 1 ${RATE}`,
    ],
    [
      'rkmpp',
      '-init_hw_device rkmpp=rk -filter_hw_device rk -hwaccel rkmpp -hwaccel_output_format drm_prime',
      'format=nv12|p010le|drm_prime,hwupload',
      'scale_rkrga=w=1280:h=720:format=nv12:force_original_aspect_ratio=disable',
      `h264_rkmpp -rc_mode VBR ${RATE}`,
    ],
  ])('is exactly this with %s', (name, device, upload, scale, encoder) => {
    const way = whole(name);
    expect(way && line(way)).toBe(
      `${COMMON} ${device} -noautorotate ${INPUT} -vf settb=1/90000,setpts=PTS-0,${upload},` +
        `fps=fps=25/1:start_time=4.000000,trim=end_pts=200,${scale},setsar=1 -fps_mode passthrough -c:v ${encoder} ${REST}`,
    );
  });

  it.each([
    ['nvenc', 'bwdif_cuda=mode=send_frame:deint=interlaced'],
    ['qsv', 'vpp_qsv=deinterlace=advanced'],
    ['vaapi', 'deinterlace_vaapi=rate=frame:auto=1'],
    ['videotoolbox', 'yadif_videotoolbox=mode=send_frame:deint=interlaced'],
  ])('weaves fields on %s before the grid', (name, filter) => {
    const way = whole(name, SOURCE, { deinterlace: true });
    expect(way?.before).toEqual([deviceOf(name).upload, filter]);
  });

  it.each([
    ['qsv', 'vpp_qsv=transpose=clock', 'vpp_qsv=transpose=reversal', 'vpp_qsv=transpose=cclock'],
    ['vaapi', 'transpose_vaapi=dir=clock', 'transpose_vaapi=dir=reversal', 'transpose_vaapi=dir=cclock'],
    ['videotoolbox', 'transpose_vt=dir=clock', 'transpose_vt=dir=reversal', 'transpose_vt=dir=cclock'],
    ['rkmpp', 'vpp_rkrga=transpose=clock', 'vpp_rkrga=transpose=reversal', 'vpp_rkrga=transpose=cclock'],
  ])('turns pictures upright on %s', (name, ...filters) => {
    const turned = [90, 180, 270].map((rotation) => whole(name, { ...SOURCE, rotation })?.before.at(-1));
    expect(turned).toEqual(filters);
  });

  it.each([
    [
      'nvenc',
      'scale_cuda=1280:720:format=p010le,tonemap_cuda=format=nv12:p=bt709:t=bt709:m=bt709:tonemap=hable:desat=0',
    ],
    [
      'qsv',
      'vpp_qsv=w=1280:h=720:format=p010le,vpp_qsv=tonemap=1:format=nv12:out_color_matrix=bt709:out_color_primaries=bt709:out_color_transfer=bt709',
    ],
    ['vaapi', 'scale_vaapi=w=1280:h=720:format=p010,tonemap_vaapi=format=nv12:p=bt709:t=bt709:m=bt709'],
    [
      'videotoolbox',
      'scale_vt=w=1280:h=720,tonemap_videotoolbox=format=nv12:p=bt709:t=bt709:m=bt709:tonemap=hable:desat=0',
    ],
  ])('makes HDR fit for an ordinary screen on %s, after scaling', (name, after) => {
    expect(filtersOf(whole(name, HDR_SOURCE, { tonemap: true }))?.[1]).toBe(`${after},setsar=1`);
  });

  it('leaves the chip for tone mapping alone where that has no filter for it, in the small size', () => {
    const zscale =
      'hwdownload,format=p010le,zscale=t=linear:npl=100,format=gbrpf32le,zscale=p=bt709,tonemap=hable:desat=0,' +
      'zscale=t=bt709:m=bt709:r=tv';
    expect(filtersOf(whole('nvenc', HDR_SOURCE, { tonemap: true }, null))?.[1]).toBe(
      `scale_cuda=1280:720:format=p010le,${zscale},format=yuv420p,setsar=1`,
    );
    // VAAPI's encoders take only pictures that are on the chip.
    expect(filtersOf(whole('vaapi', HDR_SOURCE, { tonemap: true }, null))?.[1]).toBe(
      `scale_vaapi=w=1280:h=720:format=p010,${zscale},format=nv12,hwupload,setsar=1`,
    );
  });

  it('keeps ten bits for a client that shows HDR, with the tag that Apple wants for HEVC', () => {
    const change = { codec: 'hevc', codecs: 'hvc1.2.4.L93.B0', range: 'PQ' } as const;
    const way = whole('nvenc', HDR_SOURCE, change);
    expect(way?.after).toEqual(['scale_cuda=1280:720:format=p010le']);
    expect(way && line(way, { ...RENDITION, ...change })).toContain(
      '-c:v hevc_nvenc -preset p4 -rc vbr -cq 27 -b:v 0 -maxrate 4000k -bufsize 8000k -forced-idr 1 -no-scenecut 1 ' +
        '-profile:v main10 -tag:v hvc1 -g 9999',
    );
  });

  it.each([
    ['nvenc', 'avc1.4D401F', 'main'],
    ['nvenc', 'avc1.42E01F', 'baseline'],
    ['vaapi', 'avc1.42E01F', 'constrained_baseline'],
    ['amf', 'avc1.42E01F', 'constrained_baseline'],
  ])('makes on %s the profile that the client takes: %s', (name, codecs, profile) => {
    const way = whole(name, SOURCE, { codecs });
    const argv = way ? line(way, { ...RENDITION, codecs }).split(' ') : [];
    expect(argv[argv.lastIndexOf('-profile:v') + 1]).toBe(profile);
  });

  it('is not offered where the chip lacks what the film needs', () => {
    expect(whole('nvenc', { ...SOURCE, rotation: 90 })).toBeNull();
    expect(whole('amf', SOURCE, { deinterlace: true })).toBeNull();
    expect(whole('rkmpp', HDR_SOURCE, { tonemap: true })).toBeNull();
    expect(whole('vaapi', { ...SOURCE, cropped: true })).toBeNull();
    // Subtitles are painted over pictures by the processor.
    expect(whole('nvenc', SOURCE, { burnIn: 3 })).toBeNull();
  });
});

describe('the argv of a transcode that only encodes on the chip', () => {
  it.each([
    ['nvenc', '-init_hw_device cuda=gpu -filter_hw_device gpu', 'format=yuv420p', 'h264_nvenc'],
    [
      'qsv',
      '-init_hw_device vaapi=va:/dev/dri/renderD128 -init_hw_device qsv=qs@va -filter_hw_device qs',
      'format=nv12',
      'h264_qsv',
    ],
    [
      'vaapi',
      '-init_hw_device vaapi=va:/dev/dri/renderD128 -filter_hw_device va',
      'format=nv12,hwupload',
      'h264_vaapi',
    ],
    ['videotoolbox', '-init_hw_device videotoolbox=vt -filter_hw_device vt', 'format=yuv420p', 'h264_videotoolbox'],
    ['amf', '-init_hw_device d3d11va=dx -filter_hw_device dx', 'format=nv12', 'h264_amf'],
    ['rkmpp', '-init_hw_device rkmpp=rk -filter_hw_device rk', 'format=nv12', 'h264_rkmpp'],
  ])('is exactly this with %s', (name, open, handOver, encoder) => {
    const device = deviceOf(name);
    const ability = { deinterlace: null, tonemap: null, variant: ['-low_power', '1'] };
    const way = encodingWay(device, ability, { source: SOURCE, rendition: { ...RENDITION, deinterlace: true } });
    const options = device.options('h264', RENDITION, false).join(' ');
    expect(line(way)).toBe(
      `${COMMON} ${open} ${INPUT} -vf settb=1/90000,setpts=PTS-0,bwdif=mode=send_frame:deint=interlaced,` +
        'tpad=stop_mode=clone:stop_duration=10,fps=fps=25/1:start_time=4.000000,trim=end_pts=200,' +
        `scale=1280:720:flags=bilinear,setsar=1,${handOver} -fps_mode passthrough ` +
        `-c:v ${encoder} ${options} -low_power 1 ${REST}`,
    );
  });
});

describe('the ways of a machine', () => {
  const power: EncodingPower = {
    ...powerOf(['hevc_nvenc', 'h264_nvenc', 'h264_vaapi', 'libx264', 'libx265']),
    placebo: true,
  };
  const names = (change: Partial<VideoRendition> = {}, source = SOURCE) =>
    waysOf(power, { source, rendition: { ...RENDITION, ...change } }, 'veryfast').map(({ name }) => name);

  it('are the chip whole, the chip for encoding alone, then the processor', () => {
    expect(names()).toEqual(['nvenc/whole/h264-8', 'nvenc/encode', 'vaapi/whole/h264-8', 'vaapi/encode', 'libx264']);
    expect(names({ codec: 'hevc', codecs: 'hvc1.1.6.L93.B0' })).toEqual([
      'nvenc/whole/h264-8',
      'nvenc/encode',
      'libx265',
    ]);
    expect(names({ codec: 'av1' })).toEqual([]);
  });

  it('tone-map by Vulkan before they do so by the processor', () => {
    const ways = waysOf(power, { source: HDR_SOURCE, rendition: { ...RENDITION, tonemap: true } }, 'veryfast');
    expect(ways.map(({ name }) => name).slice(-2)).toEqual(['libx264/vulkan', 'libx264']);
    expect(filtersOf(ways.at(-2) ?? null)?.[1]).toBe(
      'format=p010le,hwupload,libplacebo=w=1280:h=720:format=yuv420p:colorspace=bt709:color_primaries=bt709:' +
        'color_trc=bt709:range=tv:tonemapping=hable,hwdownload,format=yuv420p,setsar=1,format=yuv420p',
    );
  });
});
