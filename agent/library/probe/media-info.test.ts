import { expect, test } from 'vitest';
import { MediaInfo } from '../../../shared/media/media-info.ts';
import { FfprobeOutput } from './ffprobe-output.ts';
import { toMediaInfo } from './media-info.ts';

const VIDEO = { index: 0, codec_type: 'video', codec_name: 'h264', width: 1920, height: 1080, avg_frame_rate: '24/1' };

function read(streams: object[], format: object = {}, extension = 'mkv'): MediaInfo {
  const output = { format: { format_name: 'matroska,webm', ...format }, streams };
  return MediaInfo.parse(toMediaInfo(FfprobeOutput.parse(output), extension));
}

const video = (facts: object) => read([{ ...VIDEO, ...facts }]).video[0];

test.each([
  ['mov,mp4,m4a,3gp,3g2,mj2', 'mp4', 'mp4'],
  ['mov,mp4,m4a,3gp,3g2,mj2', 'mov', 'mov'],
  ['mov,mp4,m4a,3gp,3g2,mj2', 'm4v', 'mp4'],
  ['matroska,webm', 'mkv', 'mkv'],
  ['matroska,webm', 'webm', 'mkv'],
  ['mpegts', 'ts', 'ts'],
  ['mpeg', 'mpg', 'mpg'],
  ['avi', 'avi', 'avi'],
  ['asf', 'wmv', 'wmv'],
  ['flv', 'flv', 'flv'],
  ['ogg', 'ogv', 'ogg'],
])('the demuxer "%s" of a .%s is the container %s', (format_name, extension, expected) => {
  expect(read([VIDEO], { format_name }, extension).container).toBe(expected);
});

test('WebM is what is named so and holds nothing else than WebM may', () => {
  expect(read([{ ...VIDEO, codec_name: 'vp9' }], {}, 'webm').container).toBe('webm');
  expect(read([{ ...VIDEO, codec_name: 'vp9' }], {}, 'mkv').container).toBe('mkv');
});

test.each([
  [{ side_data_list: [{ side_data_type: 'Display Matrix', rotation: -90 }] }, 90],
  [{ side_data_list: [{ side_data_type: 'Display Matrix', rotation: 90 }] }, 270],
  [{ side_data_list: [{ side_data_type: 'Display Matrix', rotation: -180 }] }, 180],
  [{ tags: { rotate: '90' } }, 90],
  [{}, 0],
])('a picture with %j is turned %i degrees clockwise', (facts, expected) => {
  expect(video(facts)?.rotation).toBe(expected);
});

test('what a container cuts off the coded picture is not of its size', () => {
  const crop = { side_data_type: 'Frame Cropping', crop_top: 140, crop_bottom: 140, crop_left: 0, crop_right: 0 };
  expect(video({ side_data_list: [crop] })).toMatchObject({ width: 1920, height: 800, cropped: true });
  expect(video({ side_data_list: [{ ...crop, crop_top: 2000 }] })).toMatchObject({ width: 1920, height: 1080 });
  expect(video({})?.cropped).toBeUndefined();
});

test.each([
  [{ pix_fmt: 'yuv420p' }, 8],
  [{ pix_fmt: 'yuv420p10le' }, 10],
  [{ pix_fmt: 'yuv444p12be' }, 12],
  [{ pix_fmt: 'p010le' }, 10],
  [{ pix_fmt: 'yuvj420p' }, 8],
  [{ bits_per_raw_sample: '10' }, 10],
])('a picture with %j has %i bits', (facts, expected) => {
  expect(video(facts)?.bitDepth).toBe(expected);
});

test.each([
  [{ color_transfer: 'smpte2084' }, 'hdr10'],
  [{ color_transfer: 'arib-std-b67' }, 'hlg'],
  [{ color_transfer: 'bt709' }, 'none'],
  [{ color_transfer: 'smpte2084', side_data_list: [{ side_data_type: 'DOVI configuration record' }] }, 'dolby-vision'],
  [{ codec_tag_string: 'dvh1' }, 'dolby-vision'],
])('a picture with %j is %s', (facts, expected) => {
  expect(video(facts)?.hdr).toBe(expected);
});

test.each([
  [{ avg_frame_rate: '24000/1001' }, { num: 24_000, den: 1001 }],
  [
    { avg_frame_rate: '0/0', r_frame_rate: '25/1' },
    { num: 25, den: 1 },
  ],
  [
    { avg_frame_rate: '90000/1', r_frame_rate: '30/1' },
    { num: 30, den: 1 },
  ],
  [
    { avg_frame_rate: '0/0', r_frame_rate: '90000/1' },
    { num: 25, den: 1 },
  ],
])('the rates %j give %j frames a second', (facts, expected) => {
  expect(video(facts)?.frameRate).toEqual(expected);
});

test.each([
  ['tt', true],
  ['bb', true],
  ['progressive', false],
  ['unknown', false],
])('a field order of %s means interlaced: %s', (field_order, expected) => {
  expect(video({ field_order })?.interlaced).toBe(expected);
});

test('covers are no pictures, streams without a codec are left out, and words for "no language" are none', () => {
  const media = read([
    VIDEO,
    { ...VIDEO, index: 1, codec_name: 'mjpeg', disposition: { attached_pic: 1 } },
    { index: 2, codec_type: 'audio', codec_name: 'aac', channels: 6, sample_rate: '48000', tags: { language: 'und' } },
    { index: 3, codec_type: 'audio' },
    {
      index: 4,
      codec_type: 'subtitle',
      codec_name: 'hdmv_pgs_subtitle',
      tags: { title: 'English SDH', language: 'eng' },
    },
    { index: 5, codec_type: 'attachment', codec_name: 'ttf' },
  ]);
  expect(media.video).toHaveLength(1);
  expect(media.audio).toMatchObject([{ index: 2, channels: 6, language: null }]);
  expect(media.subtitles).toMatchObject([{ index: 4, form: 'image', sdh: true, forced: false, language: 'eng' }]);
});

test('numbers that ffprobe does not know become null or nothing', () => {
  const media = read([{ ...VIDEO, level: -99, bit_rate: 'N/A' }], {
    duration: 'N/A',
    bit_rate: 'N/A',
    start_time: 'N/A',
  });
  expect(media).toMatchObject({ durationMs: 0, bitrate: null, startTime: 0 });
  expect(media.video).toMatchObject([{ level: null, bitrate: null }]);
});
