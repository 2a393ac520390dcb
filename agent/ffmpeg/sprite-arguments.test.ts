import { expect, it } from 'vitest';
import { spriteArguments } from './sprite-arguments.ts';

it('a sheet is made of one seek for each of its pictures', () => {
  const args = spriteArguments({
    path: '/f/a b.mkv',
    stream: 0,
    times: [5, 15, 25],
    width: 320,
    height: 134,
    columns: 2,
    complete: true,
    tonemap: false,
  });
  const input = (at: string) => [
    ...['-threads', '1', '-probesize', '32', '-analyzeduration', '0'],
    ...['-noaccurate_seek', '-skip_frame', 'nokey', '-ss', at, '-i', 'file:/f/a b.mkv'],
  ];
  const picture = (i: number) =>
    `[${i}:0]trim=end_frame=1,scale=320:134:flags=fast_bilinear,format=yuvj420p,setsar=1,setpts=PTS-STARTPTS[p${i}]`;
  expect(args).toEqual([
    ...['-hide_banner', '-nostdin', '-loglevel', 'error', '-protocol_whitelist', 'file,pipe'],
    ...[...input('5.000'), ...input('15.000'), ...input('25.000')],
    '-filter_complex',
    `${picture(0)};${picture(1)};${picture(2)};[p0][p1][p2]concat=n=3:v=1:a=0,tile=2x2[sheet]`,
    ...['-map', '[sheet]', '-frames:v', '1', '-q:v', '5', '-map_metadata', '-1', '-f', 'mjpeg', 'pipe:1'],
  ]);
});

it('of a container without an index the picture before stands where no keyframe comes any more', () => {
  const args = spriteArguments({
    ...{ path: '/f/a.ts', stream: 0, times: [0.5, 3], width: 320, height: 180, columns: 5 },
    ...{ complete: false, tonemap: true },
  });
  expect(args.flatMap((arg, i) => (arg === '-ss' ? [args[i + 1]] : []))).toEqual(['0.000', '2.000']);
  const graph = args[args.indexOf('-filter_complex') + 1]?.split(';') ?? [];
  expect(graph[0]).toBe('color=black:size=320x180:rate=1:duration=1,format=yuvj420p,setsar=1[b0]');
  expect(graph[1]).toMatch(/^\[0:0\]trim=end_frame=1,scale=.*,zscale=t=linear.*,format=yuvj420p,setsar=1,.*\[k0\]$/);
  expect(graph[2]).toBe('[k0][b0]concat=n=2:v=1:a=0,trim=end_frame=1,split[p0][b1]');
  expect(graph[4]).toBe('[k1][b1]concat=n=2:v=1:a=0,trim=end_frame=1[p1]');
});
