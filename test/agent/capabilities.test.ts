import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { announcedEncoders, withEncoders } from '../../agent/ffmpeg/announced-encoders.ts';
import { detectMachine, slotsOf } from '../../agent/ffmpeg/capabilities.ts';
import { Capabilities } from '../../shared/protocol/capabilities.ts';
import { BINARIES } from './playback-stage.ts';

describe('capabilities', () => {
  it('name the version of ffmpeg and the encoders that really work here', async () => {
    const found = (await detectMachine(BINARIES)).capabilities;
    expect(Capabilities.parse(found)).toEqual(found);
    expect(found.ffmpeg).toMatch(/^\d+\.\d+/);
    expect(found.videoEncoders.at(-1)).toBe('libx264');
    expect(found.transcodeSlots).toBeGreaterThanOrEqual(1);
    expect(found.paintsText).toBe(true);
  });

  it('have the processor encode more than H.264 only where it may and was measured to be fast', async () => {
    const { capabilities, power } = await detectMachine(BINARIES);
    // In need, when a chip fails in the middle of a film, it makes them all the same.
    expect(power.software).toEqual(['h264', 'hevc', 'av1']);
    const dataDir = await mkdtemp(join(tmpdir(), 'hearthcast-encoders-'));
    onTestFinished(() => rm(dataDir, { recursive: true }));
    const announced = (softwareCodecs: ('hevc' | 'av1')[], binaries: typeof BINARIES) =>
      announcedEncoders({
        binaries,
        config: { softwareCodecs, dataDir },
        power,
        version: capabilities.ffmpeg,
        busy: () => false,
      });
    const signal = AbortSignal.timeout(60_000);
    const instant = join(dataDir, 'ffmpeg');
    await writeFile(instant, '#!/bin/sh\ncase "$*" in *libx265*) exit 1;; esac\n', { mode: 0o700 });
    const encoders = await announced(['hevc', 'av1'], { ...BINARIES, ffmpeg: instant });
    expect(encoders.names()).toEqual(['libx264']);
    await encoders.measure(signal);
    expect(encoders.names()).toEqual(['libx264', 'libsvtav1']);
    const load = { kind: 'capacity', slotsUsed: 1, slotsTotal: 2 } as const;
    expect(withEncoders(load, encoders)).toEqual({ ...load, videoEncoders: ['libx264', 'libsvtav1'] });
    expect(withEncoders(load, null)).toEqual(load);
    // What was measured is known at the next start, and is no more than what the owner allows.
    expect((await announced(['hevc', 'av1'], BINARIES)).names()).toEqual(['libx264', 'libsvtav1']);
    expect((await announced(['hevc'], BINARIES)).names()).toEqual(['libx264']);
  });

  it('without ffmpeg are those of a machine that serves files', async () => {
    const found = (await detectMachine(null)).capabilities;
    expect(Capabilities.parse(found)).toEqual(found);
    expect(found).toMatchObject({ ffmpeg: null, videoEncoders: [], transcodeSlots: 0 });
  });

  it('do not name an encoder that is listed and fails', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'hearthcast-capabilities-'));
    const ffmpeg = join(dir, 'ffmpeg');
    const script =
      'case "$*" in *-version) echo "ffmpeg version 9.9";; *-encoders) echo " V libx264  x";; *) exit 1;; esac';
    await writeFile(ffmpeg, `#!/bin/sh\n${script}\n`);
    await chmod(ffmpeg, 0o700);
    const found = (await detectMachine({ ffmpeg, ffprobe: ffmpeg })).capabilities;
    expect(found).toMatchObject({ ffmpeg: '9.9', videoEncoders: [], transcodeSlots: 0 });
    const missing = (await detectMachine({ ffmpeg: join(dir, 'none'), ffprobe: 'none' })).capabilities;
    expect(missing).toMatchObject({ ffmpeg: null, videoEncoders: [], transcodeSlots: 0 });
    await rm(dir, { recursive: true });
  });

  it('allow more sessions with more processors or a hardware encoder, within a limit', () => {
    expect(slotsOf(1, ['libx264'])).toBe(1);
    expect(slotsOf(6, ['libx264'])).toBe(6);
    expect(slotsOf(2, ['h264_nvenc', 'libx264'])).toBe(4);
    expect(slotsOf(128, ['libx264'])).toBe(16);
    expect(slotsOf(8, [])).toBe(0);
  });
});
