import { expect, it } from 'vitest';
import { packetArguments } from './packet-arguments.ts';

it('opens the file once for each packet, and looks at no more than the header where that says all', () => {
  const args = packetArguments({ path: '/f/a.mkv', stream: 0, times: [4, 8.0004], complete: true }).join(' ');
  expect(args).toBe(
    '-hide_banner -nostdin -loglevel error -protocol_whitelist file,pipe ' +
      '-probesize 32 -analyzeduration 0 -ss 4.000 -i file:/f/a.mkv ' +
      '-probesize 32 -analyzeduration 0 -ss 8.000 -i file:/f/a.mkv ' +
      '-map 0:0 -c copy -frames:v 1 -f h264 pipe:1 -map 1:0 -c copy -frames:v 1 -f h264 pipe:1',
  );
  expect(packetArguments({ path: '/f/a.ts', stream: 0, times: [4], complete: false })).not.toContain('-probesize');
});
