import { describe, expect, it } from 'vitest';
import { initialSubtitle } from './subtitle-choice.ts';

const track = (language: string, marks: Partial<Record<'forced' | 'default', boolean>> = {}) => ({
  stream: 0,
  language,
  title: null,
  forced: false,
  default: false,
  sdh: false,
  ...marks,
});

describe('the subtitles to begin with', () => {
  const tracks = [track('en', { forced: true }), track('en'), track('de'), track('fr', { default: true })];

  it('are the file’s own choice when nothing was ever chosen', () => {
    expect(initialSubtitle(tracks, null)).toBe(3);
    expect(initialSubtitle(tracks.slice(0, 3), null)).toBe(0);
    expect(initialSubtitle([track('de')], null)).toBeNull();
  });

  it('are in the language chosen last, and whole ones', () => {
    expect(initialSubtitle(tracks, 'en')).toBe(1);
    expect(initialSubtitle(tracks, 'de')).toBe(2);
  });

  it('fall back to the forced ones where that language is missing', () => {
    expect(initialSubtitle(tracks, 'ja')).toBe(0);
  });

  it('stay off once switched off, but for what must be read', () => {
    expect(initialSubtitle(tracks, 'off')).toBeNull();
    expect(initialSubtitle([track('en', { forced: true, default: true })], 'off')).toBe(0);
  });
});
