import { expect, it } from 'vitest';
import { type MediaKind, mediaHeaders } from './media-headers.ts';

it.each<[MediaKind, string | null, string]>([
  ['file', 'video/mp4', 'video/mp4'],
  ['file', 'Video/X-Matroska', 'video/x-matroska'],
  ['file', 'audio/flac', 'audio/flac'],
  ['file', 'text/html', 'application/octet-stream'],
  ['file', 'image/svg+xml', 'application/octet-stream'],
  ['file', 'video/mp4\r\nset-cookie: a=b', 'application/octet-stream'],
  ['file', null, 'application/octet-stream'],
  ['segment', 'audio/mp4', 'audio/mp4'],
  ['segment', 'text/html', 'video/mp4'],
  ['subtitle', 'text/vtt', 'text/vtt'],
  ['subtitle', 'text/html', 'text/vtt; charset=utf-8'],
  ['ass', 'text/x-ssa; charset=utf-8', 'text/x-ssa; charset=utf-8'],
  ['ass', 'text/html', 'text/x-ssa; charset=utf-8'],
  ['font', 'font/otf', 'font/otf'],
  ['font', 'text/html', 'application/octet-stream'],
  ['fonts', 'text/html', 'application/json'],
  ['preview', 'image/jpeg', 'image/jpeg'],
  ['preview', 'image/svg+xml', 'image/jpeg'],
  ['playlist', 'application/dash+xml', 'application/dash+xml'],
  ['playlist', 'text/html', 'application/octet-stream'],
])('a %s that is called %s is answered as %s', (kind, told, type) => {
  expect(mediaHeaders(kind, told)).toMatchObject({
    'content-type': type,
    'x-content-type-options': 'nosniff',
    'content-security-policy': "sandbox; default-src 'none'",
    'cross-origin-resource-policy': 'same-origin',
  });
});
