import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { ALL_DEVICES } from '../../agent/ffmpeg/hardware/devices.ts';

describe('an option of a chip’s encoder', () => {
  const help = (kind: string, name: string) =>
    execFileSync('ffmpeg', ['-hide_banner', '-h', `${kind}=${name}`], { encoding: 'utf8' });
  const listed = execFileSync('ffmpeg', ['-hide_banner', '-encoders'], { encoding: 'utf8' });
  const rows = ALL_DEVICES.flatMap((device) =>
    (['h264', 'hevc', 'av1'] as const)
      .filter((codec) => listed.includes(` ${device.encoders[codec]} `))
      .map((codec) => [device.encoders[codec] as string, codec, device] as const),
  );
  /** Of every encoder: not listed with each one's own. */
  const COMMON_OPTIONS = ['-b:v', '-maxrate', '-bufsize', '-profile:v'];

  it.each(rows)('is known to this ffmpeg: %s', (encoder, codec, device) => {
    const known = help('encoder', encoder);
    const options = [...device.options(codec, { bitrate: 4_000_000 }, false), ...device.variants.flat()].filter(
      (text) => /^-[a-z]/.test(text),
    );
    for (const option of options.filter((each) => !COMMON_OPTIONS.includes(each))) {
      expect(known, option).toContain(`  ${option} `);
    }
  });
});
