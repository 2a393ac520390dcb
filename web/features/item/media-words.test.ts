import { describe, expect, it } from 'vitest';
import type { ItemCopy } from '../../../shared/api/items.ts';
import { audioStream, mediaInfo } from '../../../test/fakes/media-samples.ts';
import {
  audioName,
  channelsName,
  codecName,
  copiesToKeep,
  resolutionName,
  sizeWords,
  subtitleName,
} from './media-words.ts';

describe('a resolution', () => {
  it('is named by width as well as by height', () => {
    expect(resolutionName({ width: 1920, height: 800 })).toBe('1080p');
    expect(resolutionName({ width: 1440, height: 1080 })).toBe('1080p');
    expect(resolutionName({ width: 3840, height: 1600 })).toBe('4K');
    expect(resolutionName({ width: 320, height: 240 })).toBe('240p');
  });
});

describe('an audio track', () => {
  it('goes by its language, its title and its sound', () => {
    expect(audioName({ language: 'eng', title: 'Commentary', codec: 'eac3', channels: 6 })).toBe(
      'English · Commentary · Dolby Digital+ 5.1',
    );
    expect(audioName({ language: null, title: null, codec: 'aac', channels: 2 })).toBe('Unknown language · AAC Stereo');
  });

  it('of odd channels or codecs still has a name', () => {
    expect([channelsName(8), channelsName(5), codecName('atrac3')]).toEqual(['7.1', '5 channels', 'ATRAC3']);
  });
});

describe('a subtitle', () => {
  it('says what it is for', () => {
    expect(subtitleName({ language: 'en', title: null, forced: true, sdh: false })).toBe('English (forced)');
    expect(subtitleName({ language: 'en', title: 'English', forced: false, sdh: true })).toBe('English (SDH)');
    expect(subtitleName({ language: 'spa', title: 'Latin', forced: false, sdh: false })).toBe('Spanish (Latin)');
  });

  it('does not say the same twice', () => {
    expect(subtitleName({ language: 'en', title: 'Forced', forced: true, sdh: false })).toBe('English (Forced)');
  });
});

describe('what can be kept', () => {
  const copy = (id: string, online: boolean, size = 4_200_000_000): ItemCopy => ({
    id,
    site: { id: '1', name: 'Home' },
    agent: { id: `agt_${id}`, name: id, online },
    size,
    media: mediaInfo(),
  });

  it('says how good and how large it is', () => {
    expect(sizeWords(copy('a', true))).toBe('1080p H.264, 4.2 GB');
    const song = { size: 9_000_000, media: mediaInfo({ video: [], audio: [audioStream({ codec: 'flac' })] }) };
    expect(sizeWords(song)).toBe('FLAC, 9.0 MB');
  });

  it('is on a machine that is on, and the same bytes are offered once', () => {
    const copies = [copy('off', false), copy('first', true), copy('twin', true), copy('other', true, 1_000)];
    expect(copiesToKeep(copies).map(({ id }) => id)).toEqual(['first', 'other']);
  });
});
