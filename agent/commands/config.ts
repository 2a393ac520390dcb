import { existsSync } from 'node:fs';
import { SETTINGS, type SettingName } from '../config/settings.ts';
import type { AgentConfig } from '../config.ts';
import { AgentError, EXIT } from '../exit-codes.ts';
import { askAgent } from '../local/control.ts';
import { AgentStatus } from '../local/status.ts';
import { withWishes } from '../update/update-rules.ts';
import { orderReload } from './orders.ts';
import { say } from './say.ts';

/** `config`: what holds, and where each value came from. What the server wishes only a running agent knows. */
export async function showConfig(config: AgentConfig): Promise<number> {
  const { file } = config;
  const running = AgentStatus.safeParse(await askAgent(config.dataDir, 'GET', '/status')).data;
  const held = withWishes(config.held, running?.update.wishes ?? null);
  const names = Object.keys(SETTINGS) as SettingName[];
  const settings = [
    { name: 'data', ...held.data },
    ...names.map((name) => ({
      name: SETTINGS[name].file,
      value: held[name].value as unknown,
      source: held[name].source,
    })),
  ];
  if (config.json) {
    const roots = held.roots.value;
    say(JSON.stringify({ file: existsSync(file) ? file : null, settings, roots, rootsFrom: held.roots.source }));
    return EXIT.ok;
  }
  say(existsSync(file) ? `# ${file}` : `# There is no ${file}`);
  const width = Math.max(...settings.map(({ name }) => name.length));
  for (const { name, value, source } of settings) say(`${name.padEnd(width)} = ${shown(value)}   # ${source}`);
  for (const { library, path } of held.roots.value)
    say(`${'root'.padEnd(width)} = ${shown(`${library}=${path}`)}   # ${held.roots.source}`);
  return EXIT.ok;
}

/** `config reload`: the running agent reads it again. */
export async function reloadConfig(config: AgentConfig): Promise<number> {
  const changes = await orderReload(config);
  if (!changes) throw new AgentError('The agent is not running: it reads its configuration when it starts.');
  if (config.json) say(JSON.stringify(changes));
  else {
    say(
      changes.live.length > 0
        ? `Taken over: ${changes.live.join(', ')}.`
        : 'Nothing that a running agent takes over has changed.',
    );
    if (changes.restart.length > 0) say(`From its next start on: ${changes.restart.join(', ')}.`);
  }
  return EXIT.ok;
}

const shown = (value: unknown) => (value === null ? '(none)' : JSON.stringify(value));
