import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { UsageError } from '../local/options.ts';
import { randomCode } from '../local/state.ts';
import { type Account, accountsOf, addressOf, databaseId, isNoWorker, secretNames } from './answers.ts';
import { type Deployment, type DeploymentFiles, namesOf, readDeployment, writeDeployment } from './config.ts';
import type { DeployOptions } from './options.ts';
import { type Commands, WranglerError } from './wrangler.ts';

/** A new address takes a while until every name server knows it. */
const READY_LIMIT_MS = 120_000;
const READY_PAUSE_MS = 2000;

/** What a deployment asks of its surroundings. */
export interface Surroundings {
  wrangler: Commands;
  files: DeploymentFiles;
  fetch: typeof fetch;
  say(line: string): void;
  /** Asks which account; never called where there is only one. */
  chooseAccount(accounts: readonly Account[]): Promise<Account>;
}

export interface Deployed {
  url: string;
  /** Where there is no owner yet: the code that makes one. */
  setupCode: string | null;
}

/**
 * Puts everything on an account, in an order in which each step finds what it needs and a new schema is there before
 * the code that wants it. Each step looks first whether it was done, so it can be run again after any failure, and
 * for an update. Throws WranglerError and UsageError.
 */
export async function deploy(options: DeployOptions, around: Surroundings): Promise<Deployed> {
  const { wrangler, files, say } = around;
  const earlier = readDeployment(files);
  const name = options.name ?? earlier?.name ?? 'hearthcast';
  const names = namesOf(name);
  const known = earlier?.name === name ? earlier : null;
  const account = await signIn(known, around);
  const env = account === undefined ? {} : { CLOUDFLARE_ACCOUNT_ID: account };

  say(`Database ${names.database}`);
  const database = await ensureDatabase(wrangler, names.database, options.location, env);
  const domain = options.domain ?? known?.domain;
  const deployment: Deployment = {
    ...{ name, databaseId: database },
    ...(domain === undefined ? {} : { domain }),
    ...(account === undefined ? {} : { accountId: account }),
  };
  writeDeployment(files, deployment);

  for (const bucket of [names.images, names.backups]) {
    say(`Bucket ${bucket}`);
    if ((await wrangler.run(['r2', 'bucket', 'info', bucket, '--json'], { env })).code !== 0) {
      await wrangler.must(['r2', 'bucket', 'create', bucket], { env });
    }
  }

  say('The Worker that hashes passwords');
  await wrangler.must(['deploy', '--minify', '--config', files.passwords]);

  say('The database’s schema');
  await wrangler.must(['d1', 'migrations', 'apply', 'DB', '--remote', '--config', files.edge]);

  say('The edge');
  const { url, setupCode } = await deployEdge(wrangler, files);
  say(`Waiting for ${url}`);
  await ready(url, around.fetch);
  if (!(await needsOwner(url, around.fetch))) return { url, setupCode: null };
  return { url, setupCode: setupCode ?? (await newSetupCode(wrangler, files)) };
}

async function signIn(known: Deployment | null, around: Surroundings): Promise<string | undefined> {
  const { wrangler } = around;
  let who = await wrangler.run(['whoami', '--json']);
  if (who.code !== 0) {
    around.say('Signing in at Cloudflare');
    if ((await wrangler.attend(['login'])) !== 0) throw new UsageError('nobody signed in at Cloudflare.');
    who = { ...who, stdout: await wrangler.must(['whoami', '--json']) };
  }
  const accounts = accountsOf(who.stdout);
  const fixed = process.env.CLOUDFLARE_ACCOUNT_ID ?? known?.accountId;
  if (fixed !== undefined) return fixed;
  if (accounts.length > 1) return (await around.chooseAccount(accounts)).id;
  return accounts[0]?.id;
}

async function ensureDatabase(
  wrangler: Commands,
  name: string,
  location: string | undefined,
  env: NodeJS.ProcessEnv,
): Promise<string> {
  const find = async () => databaseId(await wrangler.must(['d1', 'list', '--json'], { env }), name);
  const found = await find();
  if (found !== null) return found;
  await wrangler.must(['d1', 'create', name, ...(location === undefined ? [] : ['--location', location])], { env });
  const made = await find();
  if (made === null) throw new UsageError(`the database ${name} was made and is not listed yet: run this again.`);
  return made;
}

/** With its secrets in the same version: an edge that ran without them for a moment would derive other keys. */
async function deployEdge(
  wrangler: Commands,
  files: DeploymentFiles,
): Promise<{ url: string; setupCode: string | null }> {
  const list = ['secret', 'list', '--format', 'json', '--config', files.edge];
  const listing = await wrangler.run(list);
  // Only where there is no Worker is there no secret: one that is there and was not seen must not be replaced.
  if (listing.code !== 0 && !isNoWorker(listing)) throw new WranglerError(list, listing);
  const present = listing.code === 0 ? secretNames(listing.stdout) : [];
  const setupCode = present.includes('SETUP_CODE') ? null : randomCode();
  const secrets = {
    ...(present.includes('HEARTHCAST_SECRET') ? {} : { HEARTHCAST_SECRET: randomBytes(32).toString('base64url') }),
    ...(setupCode === null ? {} : { SETUP_CODE: setupCode }),
  };
  const folder = mkdtempSync(join(tmpdir(), 'hearthcast-deploy-'));
  try {
    const notes = join(folder, 'notes.jsonl');
    const args = ['deploy', '--minify', '--config', files.edge];
    if (Object.keys(secrets).length > 0) {
      writeFileSync(join(folder, 'secrets.json'), JSON.stringify(secrets), { mode: 0o600 });
      args.push('--secrets-file', join(folder, 'secrets.json'));
    }
    await wrangler.must(args, { env: { WRANGLER_OUTPUT_FILE_PATH: notes } });
    const url = addressOf(readFileSync(notes, 'utf8'));
    if (url === null) {
      throw new UsageError('the edge has no address: open Workers in the dashboard once, or give a --domain.');
    }
    return { url, setupCode };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Nobody has used the old code, and only Cloudflare knows it: it is replaced. */
async function newSetupCode(wrangler: Commands, files: DeploymentFiles): Promise<string> {
  const code = randomCode();
  await wrangler.must(['secret', 'bulk', '--config', files.edge], { input: JSON.stringify({ SETUP_CODE: code }) });
  return code;
}

async function ready(url: string, fetcher: typeof fetch): Promise<void> {
  for (const end = Date.now() + READY_LIMIT_MS; ; ) {
    const ok = await fetcher(`${url}/health/ready`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (ok) return;
    if (Date.now() > end) {
      throw new UsageError(
        `${url} does not answer yet. A new host name can take some minutes; \`npx wrangler tail\` shows what the Worker says. Then run this again.`,
      );
    }
    await sleep(READY_PAUSE_MS);
  }
}

async function needsOwner(url: string, fetcher: typeof fetch): Promise<boolean> {
  const answer = await fetcher(`${url}/api/v1/server`);
  const server = (await answer.json()) as { setupRequired?: unknown };
  return server.setupRequired === true;
}
