import { expect, test } from 'vitest';
import { leftovers } from './leftovers.ts';

test('what is left is told without what packages brought and what the system notes for itself', () => {
  const before = ['/etc', '/etc/passwd', '/opt', '/usr/lib', '/var'];
  const packaged = ['/usr/bin/ffmpeg', '/lib/x86_64-linux-gnu/libx.so'];
  const after = [
    ...before,
    '/etc/passwd-',
    '/usr/bin/ffmpeg',
    '/usr/lib/x86_64-linux-gnu/libx.so',
    '/var/log/apt/history.log',
    '/opt/agent',
    '/opt/agent/node',
    '/opt/agent/node/bin',
    ...[1, 2, 3, 4, 5].map((n) => `/var/lib/agent-${n}`),
    '/etc/agent.toml',
  ];
  expect(leftovers(before, after, packaged)).toEqual(['/etc/agent.toml', '/opt/agent', '/var/lib: 5 of them']);
});
