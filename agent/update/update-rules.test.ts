import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readConfig } from '../config.ts';
import { updateRules, withWishes } from './update-rules.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearthcast-rules-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const WISHES = { mode: 'automatic', hours: '02:00-05:00' } as const;

function rules(text: string, env: NodeJS.ProcessEnv = {}) {
  const config = join(folder, 'agent.toml');
  writeFileSync(config, text);
  const { mode, hours } = updateRules(readConfig({ config, data: folder }, env), WISHES);
  return [mode, hours];
}

test('[HS8] the deployment decides where the machine says nothing, each of the two for itself', () => {
  expect(rules('')).toEqual(['automatic', '02:00-05:00']);
  expect(rules('[update]\nmode = "off"')).toEqual(['off', '02:00-05:00']);
  expect(rules('[update]\nhours = "12:00-13:00"')).toEqual(['automatic', '12:00-13:00']);
  expect(rules('', { HEARTHCAST_UPDATE: 'offered' })).toEqual(['offered', '02:00-05:00']);
});

test('[HS8] what holds says where it came from', () => {
  const { held } = readConfig({ data: folder }, { HEARTHCAST_UPDATE: 'off' });
  expect(withWishes(held, WISHES)).toMatchObject({
    updateMode: { value: 'off', source: 'HEARTHCAST_UPDATE' },
    updateHours: { value: '02:00-05:00', source: 'settings of the server' },
    updateChannel: { value: 'stable', source: 'default' },
  });
});

test('[HS8] without a word of the deployment the machine goes by its own', () => {
  expect(updateRules(readConfig({ data: folder }, {}), null).mode).toBe('offered');
});
