import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, readdirSync, rmSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { AgentError, EXIT } from '../exit-codes.ts';
import { askAgent } from '../local/control.ts';
import { type InstallRecord, installationOf } from '../update/installation.ts';
import { planUninstall, type UninstallOptions } from '../update/uninstall-plan.ts';
import { say } from './say.ts';

/** `uninstall`: takes away what install.sh has made, and says what stays. */
export async function uninstallCommand(options: UninstallOptions & { yes: boolean; json: boolean }): Promise<number> {
  const installation = installationOf();
  if (installation.kind !== 'installed') {
    throw new AgentError(
      'This agent was not installed by install.sh: remove its container or its checkout.',
      EXIT.usage,
    );
  }
  const { record } = installation;
  if (!mayRemove(record))
    throw new AgentError('Only root can take the agent away here: sudo hearthcast-agent uninstall');
  if (record.service.kind === 'none' && (await askAgent(record.data, 'GET', '/health'))) {
    throw new AgentError('The agent is running, and no service can be told to stop it: stop it first.');
  }
  const plan = planUninstall(record, options);
  if (!options.yes && !(await agreed(plan.remove))) {
    say('Nothing was removed.');
    return EXIT.failed;
  }
  const trouble: string[] = [];
  for (const [command, ...args] of plan.run) {
    const { status, stderr } = spawnSync(command as string, args, { encoding: 'utf8' });
    if (status !== 0) trouble.push(`${[command, ...args].join(' ')}: ${stderr?.trim() || `ended with ${status}`}`);
  }
  for (const path of plan.remove) rmSync(path, { recursive: true, force: true });
  for (const folder of plan.removeIfEmpty) removeIfEmpty(folder);
  const kept = [...plan.kept, ...plan.remove.filter(isThere)];
  if (options.json) say(JSON.stringify({ removed: plan.remove, kept, trouble }));
  else {
    say('The Hearthcast agent is gone.');
    say('Kept:');
    for (const line of kept) say(`  ${line}`);
    for (const line of trouble) say(`Not done: ${line}`);
  }
  return trouble.length > 0 ? EXIT.failed : EXIT.ok;
}

/** Root, or whoever installed it for themselves. */
function mayRemove({ app }: InstallRecord): boolean {
  const user = process.getuid?.();
  return user === undefined || user === 0 || lstatSync(app).uid === user;
}

const isThere = (path: string) => existsSync(path);

function removeIfEmpty(folder: string): void {
  if (isThere(folder) && readdirSync(folder).length === 0) rmSync(folder, { recursive: true });
}

async function agreed(paths: readonly string[]): Promise<boolean> {
  if (!process.stdin.isTTY) throw new AgentError('Say --yes where nobody can be asked.', EXIT.usage);
  say('This takes away:');
  for (const path of paths) say(`  ${path}`);
  const ask = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^y(es)?$/i.test((await ask.question('Go on? [y/N] ')).trim());
  } finally {
    ask.close();
  }
}
