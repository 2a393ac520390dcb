import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, readdirSync, rmSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import type { AgentConfig } from '../config.ts';
import { identityOf } from '../enrolment.ts';
import { AgentError, EXIT } from '../exit-codes.ts';
import type { Identity } from '../link/identity.ts';
import { leaveEdge } from '../link/leave.ts';
import { askAgent } from '../local/control.ts';
import { type InstallRecord, installationOf } from '../update/installation.ts';
import { planUninstall, type UninstallOptions } from '../update/uninstall-plan.ts';
import { say } from './say.ts';

/** `uninstall`: takes away what install.sh has made, and says what stays. */
export async function uninstallCommand(
  config: AgentConfig,
  options: UninstallOptions & { yes: boolean; json: boolean },
): Promise<number> {
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
  const identity = options.keepData ? null : knownIdentity(config);
  if (!options.yes && !(await agreed([...plan.remove, ...(identity ? [`this machine at ${identity.edge}`] : [])]))) {
    say('Nothing was removed.');
    return EXIT.failed;
  }
  const trouble: string[] = [];
  for (const [command, ...args] of plan.run) {
    const { status, stderr } = spawnSync(command as string, args, { encoding: 'utf8' });
    if (status !== 0) trouble.push(`${[command, ...args].join(' ')}: ${stderr?.trim() || `ended with ${status}`}`);
  }
  // After its service has ended: an agent that is removed while it runs would say so as its failure.
  const left = identity ? await takeOut(identity) : null;
  for (const path of plan.remove) removeAll(path, trouble);
  for (const folder of plan.removeIfEmpty) removeIfEmpty(folder);
  const kept = [...plan.kept, ...plan.remove.filter(isThere), ...(left?.kept ?? [])];
  if (options.json) say(JSON.stringify({ removed: [...plan.remove, ...(left?.removed ?? [])], kept, trouble }));
  else {
    say('The Hearthcast agent is gone.');
    for (const line of left?.removed ?? []) say(`Removed: ${line}`);
    say('Kept:');
    for (const line of kept) say(`  ${line}`);
    for (const line of trouble) say(`Not done: ${line}`);
  }
  return trouble.length > 0 ? EXIT.failed : EXIT.ok;
}

/** Windows keeps the program that runs this; elsewhere a disk may be read-only. */
function removeAll(path: string, trouble: string[]): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch (error) {
    trouble.push(`${path} (${(error as NodeJS.ErrnoException).code}): delete it once this command has ended`);
  }
}

/** Who this machine is at its server; null where it is nobody, or can no longer prove who it was. */
function knownIdentity(config: AgentConfig): Identity | null {
  try {
    return identityOf(config);
  } catch {
    return null;
  }
}

/** Removes the machine at its server as well, or says how a person does it. */
async function takeOut(identity: Identity): Promise<{ removed: string[]; kept: string[] }> {
  const { agentId, name, edge } = identity;
  try {
    await leaveEdge(identity);
    return { removed: [`this machine at ${edge} (“${name}”, ${agentId})`], kept: [] };
  } catch (error) {
    const how = `remove “${name}” there, at ${edge}/admin/machines`;
    return { removed: [], kept: [`this machine at its server, as ${(error as Error).message}: ${how}`] };
  }
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
