import { describe, expect, it } from 'vitest';
import { createWayHealth } from './way-health.ts';

const WAYS = [
  { name: 'nvenc/whole/h264-8', device: 'nvenc' },
  { name: 'nvenc/encode', device: 'nvenc' },
  { name: 'libx264', device: null },
] as const;
const [whole, encode, software] = WAYS;
const MINUTE = 60_000;
const FULL = '[h264_nvenc @ 0x55] OpenEncodeSessionEx failed: out of memory (10): (no details)';

describe('the ways of making pictures', () => {
  it('are tried best first, and one that failed comes last for ten minutes', () => {
    const health = createWayHealth();
    expect(health.order(WAYS, 0)).toEqual(WAYS);
    health.failed(whole, 'CUDA_ERROR_UNKNOWN', 1000);
    expect(health.order(WAYS, 2000)).toEqual([encode, software, whole]);
    expect(health.order(WAYS, 1000 + 10 * MINUTE)).toEqual(WAYS);
  });

  it('of a chip that is out of sessions rest only while as many are open as it took', () => {
    const health = createWayHealth();
    const first = health.began(whole);
    const second = health.began(whole);
    health.failed(whole, FULL, 0);
    expect(health.order(WAYS, 1)).toEqual([software, whole, encode]);
    first();
    first();
    expect(health.order(WAYS, 2)).toEqual(WAYS);
    health.began(encode);
    expect(health.order(WAYS, 3)[0]).toBe(software);
    second();
    expect(health.order(WAYS, 4)[0]).toBe(whole);
  });

  it('of a chip whose sessions another program has rest like any that failed', () => {
    const health = createWayHealth();
    health.failed(whole, FULL, 0);
    expect(health.order(WAYS, 1)).toEqual([encode, software, whole]);
  });
});
