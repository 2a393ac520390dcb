import { describe, expect, it } from 'vitest';
import { powerOf } from './encoding-power.ts';
import { hardwareReport } from './hardware-report.ts';
import type { MachineFacts } from './machine-facts.ts';

const FACTS: MachineFacts = {
  processor: 'Intel Core i5-1240P',
  cores: 16,
  memory: { totalBytes: 16 * 1024 ** 3, availableBytes: 9.5 * 1024 ** 3 },
  temperature: 51.4,
  cards: [{ name: 'NVIDIA GeForce RTX 3060', driver: '550.54', memoryBytes: 12 * 1024 ** 3, temperature: 40 }],
};

describe('doctor on the hardware', () => {
  it('says what is here, what works, and what to do about the rest', () => {
    const explanations = [
      { title: 'NVIDIA (NVENC)', explanation: { works: true, said: 'encodes H.264', advice: null } },
      { title: 'VAAPI', explanation: { works: false, said: 'media may not use it', advice: 'Add media to render.' } },
    ];
    const report = hardwareReport({ explanations, power: powerOf(['libx264']) }, FACTS);
    expect(report.map(({ about, verdict, said }) => `${about} ${verdict}: ${said}`)).toEqual([
      'processor ok: Intel Core i5-1240P, 16 cores, 9.5 of 16.0 GB of memory free, 51 °C',
      'graphics card ok: NVIDIA GeForce RTX 3060, driver 550.54, 12.0 GB, 40 °C',
      'NVIDIA (NVENC) ok: encodes H.264',
      'VAAPI warning: media may not use it',
      'tone mapping ok: by the processor',
    ]);
    expect(report[3]?.advice).toBe('Add media to render.');
  });

  it('warns of a processor that is too hot, and says nothing of what the system does not tell', () => {
    const power = { ...powerOf([]), placebo: true };
    const report = hardwareReport(
      { explanations: [], power },
      { ...FACTS, cores: 1, memory: null, temperature: 95, cards: [] },
    );
    expect(report).toMatchObject([
      { about: 'processor', verdict: 'warning', said: 'Intel Core i5-1240P, 1 core, 95 °C' },
      { said: 'by the graphics card (Vulkan)' },
    ]);
    expect(hardwareReport({ explanations: [], power: powerOf(['h264_vaapi']) }, FACTS)).toHaveLength(2);
  });
});
