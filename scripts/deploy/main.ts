import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { PROJECT } from '../build/paths.ts';
import { UsageError } from '../local/options.ts';
import type { Account } from './answers.ts';
import { deploymentFiles } from './config.ts';
import { deploy } from './deploy.ts';
import { dryRun } from './dry-run.ts';
import { parseDeployOptions, USAGE } from './options.ts';
import { adviceFor, COSTS } from './texts.ts';
import { Wrangler, WranglerError } from './wrangler.ts';

const say = (line: string) => process.stdout.write(`• ${line}\n`);

async function ask(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return (await terminal.question(question)).trim();
  } finally {
    terminal.close();
  }
}

async function chooseAccount(accounts: readonly Account[]): Promise<Account> {
  if (!process.stdin.isTTY) throw new UsageError('there are several accounts: set CLOUDFLARE_ACCOUNT_ID.');
  for (const [i, account] of accounts.entries()) process.stdout.write(`  ${i + 1}  ${account.name}\n`);
  for (;;) {
    const chosen = accounts[Number(await ask('Which account? ')) - 1];
    if (chosen) return chosen;
  }
}

function build(): void {
  const done = spawnSync(process.execPath, [join(PROJECT, 'scripts/build/main.ts')], { stdio: ['ignore', 2, 2] });
  if (done.status !== 0) throw new UsageError('the build failed: see above.');
}

async function main(): Promise<void> {
  const options = parseDeployOptions(process.argv.slice(2));
  if (options === 'help') {
    process.stdout.write(`${USAGE}\n`);
    return;
  }
  const wrangler = new Wrangler(process.env);
  build();
  if (options.dryRun) {
    await dryRun(wrangler);
    return;
  }
  process.stdout.write(`${COSTS}\n\n`);
  if (!options.yes && process.stdin.isTTY && !/^(y|yes)?$/i.test(await ask('Go on? [Y/n] '))) return;
  const { url, setupCode } = await deploy(options, {
    ...{ wrangler, files: deploymentFiles(), fetch, say, chooseAccount },
  });
  process.stdout.write(`\nHearthcast runs at ${url}\n`);
  if (setupCode !== null) {
    process.stdout.write(`Make the owner’s account: ${url}/setup#code=${setupCode}\n`);
    process.stdout.write('Then add a machine with films under Machines.\n');
  }
  process.stdout.write(`See whether it relays well: npm run verify -- ${url}\n`);
}

try {
  await main();
} catch (error) {
  if (error instanceof WranglerError) {
    const advice = adviceFor(error.said);
    process.stderr.write(`${error.said}\n\nhearthcast: ${error.message}.${advice === null ? '' : ` ${advice}`}\n`);
    process.stderr.write('Nothing is lost: run this again, and it goes on from here.\n');
  } else {
    process.stderr.write(`hearthcast: ${error instanceof UsageError ? error.message : (error as Error).stack}\n`);
  }
  process.exitCode = 1;
}
