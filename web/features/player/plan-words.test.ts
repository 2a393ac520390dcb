import { describe, expect, it } from 'vitest';
import { PLAN_REASONS } from '../../../shared/media/plan.ts';
import { reasonWords } from './plan-words.ts';

describe('a reason', () => {
  it.each(PLAN_REASONS)('%s is a sentence of its own', (code) => {
    const words = reasonWords({ code });
    expect(words).toMatch(/^[A-Z].*\.$/);
    expect(words).not.toContain(code);
    expect(PLAN_REASONS.filter((other) => reasonWords({ code: other }) === words)).toEqual([code]);
  });

  it('names the codec or the container that it is about', () => {
    expect(reasonWords({ code: 'video-codec-not-supported', detail: 'hevc' })).toContain('HEVC video');
    expect(reasonWords({ code: 'container-not-supported', detail: 'mkv' })).toContain('MKV files');
    expect(reasonWords({ code: 'container-not-supported', detail: 'mkv, from 30.0 s on' })).toContain(
      'clock of this MKV',
    );
    expect(reasonWords({ code: 'audio-codec-not-supported', detail: 'dts' })).toContain('DTS sound');
    const burned = (detail: string) => reasonWords({ code: 'subtitle-burn-in', detail });
    for (const pictures of ['hdmv_pgs_subtitle', 'dvd_subtitle', 'dvb_subtitle', 'xsub'])
      expect(burned(pictures)).toContain('are pictures');
    for (const text of ['subrip', 'ass', 'mov_text']) expect(burned(text)).toContain('does not draw these');
  });
});
