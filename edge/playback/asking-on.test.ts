import { expect, it } from 'vitest';
import { asksOn } from './asking-on.ts';

it.each([
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36',
  'libmpv',
  'Lavf/59.27.100',
  'VLC/3.0.24 LibVLC/3.0.24',
])('%s asks for the next part', (userAgent) => {
  expect(asksOn(userAgent)).toBe(true);
});

it.each([
  undefined,
  'curl/7.88.1',
  'Wget/1.21.3',
  'ExoPlayerLib/2.19.1',
  'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
])('%s is given all that it asks for, lest it take a part for the whole', (userAgent) => {
  expect(asksOn(userAgent)).toBe(false);
});
