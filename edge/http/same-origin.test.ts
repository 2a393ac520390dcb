import { expect, it } from 'vitest';
import { pageOriginOf } from './same-origin.ts';

const from = (url: string, headers: Record<string, string>) => pageOriginOf({ url, headers: new Headers(headers) });

it.each([
  ['its own origin', 'https://a.example/x', { origin: 'https://a.example' }, 'same'],
  ['its own origin with a port', 'http://nas:8790/x', { origin: 'http://nas:8790' }, 'same'],
  ['the word of the browser', 'http://a.example/x', { 'sec-fetch-site': 'same-origin' }, 'same'],
  [
    'a proxy that ends TLS',
    'http://a.example/x',
    { origin: 'https://a.example', 'x-forwarded-proto': 'https' },
    'same',
  ],
  ['another scheme', 'https://a.example/x', { origin: 'http://a.example' }, 'other'],
  ['another port', 'http://nas:8790/x', { origin: 'http://nas' }, 'other'],
  ['a subdomain', 'https://a.example/x', { origin: 'https://b.a.example', 'sec-fetch-site': 'same-site' }, 'other'],
  ['another site', 'https://a.example/x', { 'sec-fetch-site': 'cross-site' }, 'other'],
  ['a sandboxed page', 'https://a.example/x', { origin: 'null' }, 'other'],
  ['no browser', 'https://a.example/x', {}, 'unknown'],
] as const)('tells %s', (_, url, headers, expected) => {
  expect(from(url, headers)).toBe(expected);
});
