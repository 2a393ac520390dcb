import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { AGENT_VERSION } from './version.ts';

test('the agent of a checkout is of the same release as the edge beside it', () => {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  expect(AGENT_VERSION).toBe(version);
});
