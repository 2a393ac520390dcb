import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { PROJECT } from '../build/paths.ts';
import { parseAssetHeaders } from './asset-headers.ts';

it('gives every page of the web app its security headers, and built files a long life', () => {
  const { rules } = parseAssetHeaders(readFileSync(join(PROJECT, 'web', 'public', '_headers'), 'utf8'));
  expect(rules['/*']?.set).toMatchObject({
    'content-security-policy': expect.stringContaining("script-src 'self' 'wasm-unsafe-eval';"),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  });
  expect(rules['/assets/*']?.set['cache-control']).toContain('immutable');
});
