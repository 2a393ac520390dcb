import { expect, test } from 'vitest';
import type { InstallRecord } from './installation.ts';
import { planUninstall } from './uninstall-plan.ts';

const RECORD: InstallRecord = {
  app: '/opt/hearthcast-agent',
  data: '/var/lib/hearthcast-agent',
  config: '/etc/hearthcast-agent/agent.toml',
  command: '/usr/local/bin/hearthcast-agent',
  node: '/opt/hearthcast-agent/node/bin/node',
  user: 'hearthcast',
  madeUser: true,
  service: { kind: 'systemd', file: '/etc/systemd/system/hearthcast-agent.service' },
  packages: ['ffmpeg'],
};

test('everything that was made goes, in an order in which nothing is used any more', () => {
  const plan = planUninstall(RECORD, { keepData: false, keepConfig: false });
  expect(plan.run).toEqual([
    ['systemctl', 'disable', '--now', 'hearthcast-agent.service'],
    ['userdel', 'hearthcast'],
  ]);
  expect(plan.remove).toEqual([
    '/etc/systemd/system/hearthcast-agent.service',
    '/usr/local/bin/hearthcast-agent',
    '/opt/hearthcast-agent',
    '/var/lib/hearthcast-agent',
    '/etc/hearthcast-agent/agent.toml',
  ]);
  expect(plan.removeIfEmpty).toEqual(['/etc/hearthcast-agent']);
});

test('what the user says to keep stays, with the user who owns it, and is listed', () => {
  const plan = planUninstall(RECORD, { keepData: true, keepConfig: true });
  expect(plan.run).toEqual([['systemctl', 'disable', '--now', 'hearthcast-agent.service']]);
  expect(plan.remove).not.toContain(RECORD.data);
  expect(plan.remove).not.toContain(RECORD.config);
  expect(plan.kept.join('\n')).toMatch(/var\/lib\/hearthcast-agent.*\n.*user hearthcast.*\n.*agent\.toml/);
});

test('of Windows the task is ended and deleted, and its name is no file', () => {
  const service = { kind: 'task', file: 'Hearthcast Agent' } as const;
  const plan = planUninstall({ ...RECORD, madeUser: false, service }, { keepData: false, keepConfig: false });
  expect(plan.run).toEqual([
    ['schtasks', '/End', '/TN', 'Hearthcast Agent'],
    ['schtasks', '/Delete', '/TN', 'Hearthcast Agent', '/F'],
  ]);
  expect(plan.remove).not.toContain('Hearthcast Agent');
});

test('a user who was there before stays, and packages are named', () => {
  const plan = planUninstall({ ...RECORD, madeUser: false }, { keepData: false, keepConfig: false });
  expect(plan.run.flat()).not.toContain('userdel');
  expect(plan.kept.join('\n')).toContain('ffmpeg');
});
