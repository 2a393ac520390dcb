import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const RATE = (rate: string, size = '160x96') => ['-f', 'lavfi', '-i', `testsrc2=s=${size}:r=${rate}:d=2`];
const SOUND = ['-f', 'lavfi', '-i', 'sine=d=2:r=48000'];
const LONG = ['-f', 'lavfi', '-i', 'sine=d=20:r=48000'];
const PICTURE = [...RATE('25'), ...SOUND];
const X264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p'];
const X265 = ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params'];
const AAC = ['-c:a', 'aac'];
const TAGS = { description: 'Short.', synopsis: 'All of it.', genre: 'Drama, Comedy', date: '2001-02-03' };
const TAGGED = Object.entries(TAGS).flatMap(([name, value]) => ['-metadata', `${name}=${value}`]);
const NAMES = ['-metadata:s:a:0', 'language=deu', '-metadata:s:s:0', 'language=fra'];

/** Files as films come, and who reads them: the library itself or ffprobe, because the head does not tell enough. */
export const HEAD_SAMPLES: readonly { name: string; args: readonly string[]; by: 'head' | 'ffprobe' }[] = [
  { name: 'plain.mp4', by: 'head', args: [...PICTURE, ...X264, ...AAC] },
  {
    name: 'pictures-that-wait.mov',
    by: 'head',
    args: [...PICTURE, ...X264, '-bf', '3', ...AAC, '-movflags', '+faststart'],
  },
  { name: 'silent.mp4', by: 'head', args: [...RATE('30000/1001'), ...X264] },
  {
    name: 'clock.mp4',
    by: 'head',
    args: [...PICTURE, ...X264, ...AAC, '-video_track_timescale', '90000', '-metadata', 'title=x'],
  },
  { name: 'odd-size.mp4', by: 'head', args: [...RATE('50', '1920x1080'), '-t', '0.4', ...X264] },
  { name: 'wide-pixels.mp4', by: 'head', args: [...PICTURE, ...X264, '-vf', 'setsar=64/45', ...AAC] },
  { name: 'wide-pixels.mkv', by: 'head', args: [...PICTURE, ...X264, '-vf', 'setsar=64/45', '-c:a', 'ac3'] },
  { name: 'turned.mp4', by: 'head', args: [...PICTURE, ...X264, ...AAC, '-metadata:s:v', 'rotate=90'] },
  { name: 'baseline.mp4', by: 'head', args: [...PICTURE, ...X264, '-profile:v', 'baseline', ...AAC, '-ac', '2'] },
  { name: 'late-sound.mp4', by: 'head', args: [...RATE('25'), '-itsoffset', '0.5', ...SOUND, ...X264, ...AAC] },
  { name: 'late-sound.mkv', by: 'head', args: [...RATE('25'), '-itsoffset', '0.5', ...SOUND, ...X264, ...AAC] },
  { name: 'text.mp4', by: 'head', args: [...PICTURE, '-i', 'in.srt', ...X264, ...AAC, '-c:s', 'mov_text', ...NAMES] },
  { name: 'surround.mp4', by: 'head', args: [...PICTURE, ...X264, '-c:a', 'ac3', '-ac', '6'] },
  { name: 'surround-plus.mp4', by: 'head', args: [...PICTURE, ...X264, '-c:a', 'eac3'] },
  { name: 'surround.mkv', by: 'head', args: [...PICTURE, ...X264, '-c:a', 'ac3', '-ac', '6'] },
  { name: 'opus.mkv', by: 'head', args: [...PICTURE, ...X264, '-c:a', 'libopus'] },
  { name: 'plain.mkv', by: 'head', args: [...PICTURE, ...X264, ...AAC] },
  { name: 'ten-bits.mkv', by: 'head', args: [...PICTURE, '-c:v', 'libx264', '-pix_fmt', 'yuv422p10le', ...AAC] },
  { name: 'full-colour.mkv', by: 'head', args: [...RATE('50', '161x91'), '-c:v', 'libx264', '-pix_fmt', 'yuv444p'] },
  { name: 'tagged.mp4', by: 'head', args: [...PICTURE, ...X264, ...AAC, ...TAGGED] },
  { name: 'tagged.mkv', by: 'head', args: [...PICTURE, ...X264, ...AAC, ...TAGGED] },
  {
    name: 'hdr.mp4',
    by: 'head',
    args: [
      ...[...RATE('24000/1001'), ...SOUND, ...X265, 'log-level=none:colorprim=bt2020:transfer=smpte2084'],
      ...['-pix_fmt', 'yuv420p10le', '-color_trc', 'smpte2084', '-tag:v', 'hvc1', ...AAC],
    ],
  },
  {
    name: 'hlg.mkv',
    by: 'head',
    args: [
      ...[...RATE('30000/1001'), ...SOUND, ...X265, 'log-level=none:transfer=arib-std-b67'],
      ...['-pix_fmt', 'yuv420p10le', '-color_trc', 'arib-std-b67', '-c:a', 'eac3'],
    ],
  },
  {
    name: 'rich.mkv',
    by: 'head',
    args: [
      ...[...PICTURE, '-i', 'in.srt', '-i', 'in.txt', '-map', '0', '-map', '1', '-map', '1', '-map', '2'],
      ...[
        '-map_metadata',
        '3',
        '-map_chapters',
        '3',
        ...X264,
        '-c:a:0',
        'flac',
        '-c:a:1',
        'aac',
        '-c:s',
        'srt',
        ...NAMES,
      ],
      ...['-metadata:s:a:1', 'title=Kommentar', '-disposition:a:0', '0', '-disposition:a:1', 'default'],
      ...['-disposition:s:0', 'forced+hearing_impaired', '-attach', 'in.txt', '-metadata:s:t', 'mimetype=text/plain'],
    ],
  },
  { name: 'chapters.mp4', by: 'head', args: [...PICTURE, '-i', 'in.txt', '-map_metadata', '2', ...X264, ...AAC] },
  {
    name: 'chapters.mov',
    by: 'head',
    args: [...PICTURE, '-i', 'in.txt', '-map_metadata', '2', ...X264, ...AAC, '-movflags', '+faststart'],
  },
  {
    name: 'nero.mp4',
    by: 'head',
    args: [...PICTURE, '-i', 'in.txt', '-map_metadata', '2', ...X264, ...AAC, '-f', 'ipod', '-movflags', '+faststart'],
  },
  {
    name: 'fragments.mp4',
    by: 'ffprobe',
    args: [...PICTURE, ...X264, ...AAC, '-movflags', '+frag_keyframe+empty_moov'],
  },
  { name: 'late-clock.mkv', by: 'ffprobe', args: [...PICTURE, ...X264, ...AAC, '-output_ts_offset', '30'] },
  { name: 'early-end.mkv', by: 'ffprobe', args: [...RATE('25'), ...LONG, ...X264, ...AAC] },
  { name: 'early-end.mp4', by: 'ffprobe', args: [...RATE('25'), ...LONG, ...X264, ...AAC] },
  { name: 'fields.mp4', by: 'ffprobe', args: [...PICTURE, ...X264, '-flags', '+ildct+ilme', ...AAC] },
  { name: 'low-rate.mp4', by: 'ffprobe', args: [...PICTURE, ...X264, ...AAC, '-ar', '22050'] },
  { name: 'mp3.mkv', by: 'ffprobe', args: [...PICTURE, ...X264, '-c:a', 'libmp3lame'] },
  {
    name: 'web.webm',
    by: 'ffprobe',
    args: [...PICTURE, '-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-c:a', 'libopus'],
  },
  { name: 'stream.ts', by: 'ffprobe', args: [...PICTURE, ...X264, ...AAC] },
  { name: 'old.avi', by: 'ffprobe', args: [...PICTURE, '-c:v', 'mpeg4', '-c:a', 'libmp3lame'] },
];

const CHAPTERS =
  ';FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=500\ntitle=One\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=500\nEND=750\ntitle=Zwei – größer\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=750\nEND=1000\n';

/** Makes the samples in a folder. */
export function makeHeadSamples(dir: string): void {
  writeFileSync(join(dir, 'in.srt'), '1\n00:00:00,000 --> 00:00:00,900\nHello\n');
  writeFileSync(join(dir, 'in.txt'), CHAPTERS);
  for (const { name, args } of HEAD_SAMPLES) {
    const done = spawnSync('ffmpeg', ['-v', 'error', '-y', ...args, name], { cwd: dir, encoding: 'utf8' });
    if (done.status !== 0) throw new Error(`${name}: ${done.stderr}`);
  }
}
