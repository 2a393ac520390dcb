import { describe, expect, it } from 'vitest';
import { downloadAs } from './download-name.ts';

describe('the name of a download', () => {
  it.each([
    ['Blade Runner', 'video/x-matroska', 'Blade Runner.mkv', 'Blade%20Runner.mkv'],
    ['Amélie', 'video/mp4', 'Amelie.mp4', 'Am%C3%A9lie.mp4'],
    ["What's up (1972)*", 'video/mp2t', "What's up (1972).ts", 'What%27s%20up%20%281972%29.ts'],
    [
      '../../etc/passwd\r\nSet-Cookie: a="b"',
      'audio/mpeg',
      'etc passwd Set-Cookie a= b.mp3',
      'etc%20passwd%20Set-Cookie%20a%3D%20b.mp3',
    ],
    ['七人の侍', 'video/x-unknown', '', '%E4%B8%83%E4%BA%BA%E3%81%AE%E4%BE%8D'],
    ['...', 'video/webm', 'film.webm', 'film.webm'],
    ['half a \ud83c pair', 'video/mp4', 'half a  pair.mp4', 'half%20a%20%EF%BF%BD%20pair.mp4'],
  ])('of %s in %s', (title, type, ascii, encoded) => {
    expect(downloadAs(title, type)).toBe(`attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`);
  });

  it('is short enough for every file system', () => {
    const name = downloadAs('🎬'.repeat(500), 'video/mp4').split("''")[1] ?? '';
    expect(name.replace(/%[0-9A-F]{2}/g, '-').length).toBeLessThanOrEqual(255);
    expect(name.endsWith('.mp4')).toBe(true);
  });
});
