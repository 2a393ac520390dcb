import { describe, expect, it } from 'vitest';
import { deviceNamed } from './devices.ts';
import { type DeviceTrial, explain } from './explain.ts';

const NODE = { path: '/dev/dri/renderD128', state: 'ok', group: 'render' } as const;
const FACTS: DeviceTrial['facts'] = { possible: true, node: NODE, user: 'media' };
const trial = (change: Partial<DeviceTrial> = {}): DeviceTrial => ({
  ...{ facts: FACTS, built: ['h264', 'hevc'], codecs: [], deinterlace: null, tonemap: null, said: '', ...change },
});

describe('what was found of a chip', () => {
  it.each<[string, Parameters<typeof deviceNamed>[0], string, string, RegExp | null]>([
    [
      'an old driver',
      'nvenc',
      '[h264_nvenc @ 0x5581] Driver does not support the required nvenc API version. Required: 12.1 Found: 11.1\n[h264_nvenc @ 0x5581] The minimum required Nvidia driver for nvenc is 530.41.03 or newer',
      'its driver is too old for this ffmpeg',
      /Update the NVIDIA driver/,
    ],
    [
      'a missing library',
      'nvenc',
      '[h264_nvenc @ 0x55] Cannot load libnvidia-encode.so.1\n[h264_nvenc @ 0x55] The minimum required Nvidia driver',
      'its driver is not installed whole',
      /libnvidia-encode1/,
    ],
    [
      'no library',
      'nvenc',
      '[AVHWDeviceContext @ 0x55] Cannot load libcuda.so.1',
      'its driver is not installed whole',
      /libnvidia-encode1/,
    ],
    [
      'too many sessions',
      'nvenc',
      '[h264_nvenc @ 0x56] OpenEncodeSessionEx failed: out of memory (10): (no details)',
      'all its encoding sessions are taken',
      /three to twelve sessions/,
    ],
    [
      'a card for computing',
      'nvenc',
      '[h264_nvenc @ 0x5] No capable devices found',
      'this card has no encoder',
      /processor/,
    ],
    [
      'no VAAPI driver',
      'vaapi',
      '[AVHWDeviceContext @ 0x5] Failed to initialise VAAPI connection: -1 (unknown libva error).',
      'it has no VAAPI driver',
      /intel-media-va-driver/,
    ],
    [
      'no codec',
      'vaapi',
      'No usable encoding entrypoint found for profile VAProfileH264High (7).',
      'its driver does not encode',
      /newer driver/,
    ],
    [
      'no runtime',
      'qsv',
      '[AVHWDeviceContext @ 0x5] Error creating a MFX session: -9.',
      'Intel’s media runtime is missing',
      /libmfx-gen1.2/,
    ],
    [
      'something new',
      'qsv',
      'line\nA message that nobody knows',
      'A message that nobody knows',
      /Look for this message/,
    ],
  ])('says what is wrong: %s', (_name, device, said, sentence, advice) => {
    const explained = explain(deviceNamed(device), trial({ said }));
    expect(explained).toMatchObject({ works: false, said: sentence });
    expect(explained?.advice).toMatch(advice ?? /^$/);
  });

  it('names the group that this user lacks', () => {
    const facts = { ...FACTS, node: { ...NODE, state: 'forbidden' } } as const;
    expect(explain(deviceNamed('vaapi'), trial({ facts }))).toEqual({
      works: false,
      said: 'media may not use /dev/dri/renderD128',
      advice:
        'Add media to the group render ("sudo usermod -aG render media", then sign in again); give a container the ' +
        'device and the group with "--device /dev/dri/renderD128 --group-add render".',
    });
  });

  it('tells a build of ffmpeg without it from a machine without it', () => {
    expect(explain(deviceNamed('qsv'), trial({ built: [] }))?.said).toBe('this ffmpeg was built without it');
    const missing = { ...FACTS, node: { ...NODE, state: 'missing' } } as const;
    expect(explain(deviceNamed('vaapi'), trial({ facts: missing }))?.said).toBe(
      'no such card, or its driver is missing',
    );
    expect(explain(deviceNamed('rkmpp'), trial({ facts: missing }))).toBeNull();
    expect(explain(deviceNamed('videotoolbox'), trial({ facts: { ...FACTS, possible: false } }))).toBeNull();
  });

  it('says what works', () => {
    const codecs = [
      { codec: 'h264', whole: true, variant: [] },
      { codec: 'hevc', whole: false, variant: [] },
    ] as const;
    expect(explain(deviceNamed('nvenc'), trial({ codecs, deinterlace: 'yadif_cuda' }))).toEqual({
      ...{ works: true, said: 'encodes H.264, HEVC; decodes and scales there too with deinterlacing', advice: null },
    });
    expect(explain(deviceNamed('nvenc'), trial({ codecs: [codecs[1]] }))?.said).toBe(
      'encodes HEVC; the processor decodes and scales',
    );
  });
});
