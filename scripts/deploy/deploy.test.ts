import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CloudflareAccount } from '../../test/fakes/cloudflare-account.ts';
import { deploymentFiles, readDeployment, writeDeployment } from './config.ts';
import { deploy } from './deploy.ts';
import { parseDeployOptions } from './options.ts';
import { adviceFor } from './texts.ts';

const ADDRESS = 'https://films.ada.workers.dev';

let folder: string;
let owner: boolean;
let account: CloudflareAccount;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearthcast-deploy-test-'));
  owner = false;
  account = new CloudflareAccount(ADDRESS);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The edge that was deployed, as far as it is asked. */
const fetcher = (async (input: unknown) => {
  const path = new URL(String(input)).pathname;
  if (!account.workers.films) return new Response(null, { status: 404 });
  return Response.json(path === '/api/v1/server' ? { setupRequired: !owner } : { status: 'ok' });
}) as typeof fetch;

function run(args: string[] = ['--name', 'films']) {
  const options = parseDeployOptions([...args, '--yes']);
  if (options === 'help') throw new Error('not asked');
  return deploy(options, {
    wrangler: account,
    files: deploymentFiles(folder),
    fetch: fetcher,
    say: () => {},
    chooseAccount: () => Promise.reject(new Error('there is one account')),
  });
}

it('makes all that a deployment needs, the schema before the code, and says how to become its owner', async () => {
  const { url, setupCode } = await run();
  expect(url).toBe(ADDRESS);
  const { databases, buckets, workers } = account;
  expect(databases.map(({ name }) => name)).toEqual(['films']);
  expect(buckets).toEqual(['films-images', 'films-backups']);
  expect(Object.keys(workers)).toEqual(['films-passwords', 'films']);
  expect(workers.films).toEqual({
    secrets: { HEARTHCAST_SECRET: expect.stringMatching(/^[\w-]{43}$/), SETUP_CODE: setupCode },
    schemaBefore: true,
  });
  expect(readDeployment(deploymentFiles(folder))).toMatchObject({ name: 'films', accountId: 'acc-1' });
});

it('is an update when it is run again: nothing is made twice, and no secret changes', async () => {
  await run();
  owner = true;
  const before = structuredClone(account.workers.films?.secrets);
  expect(await run([])).toEqual({ url: ADDRESS, setupCode: null });
  expect([account.databases.length, account.buckets.length]).toEqual([1, 2]);
  expect(account.workers.films?.secrets).toEqual(before);
});

it('gives a new set-up code while there is no owner: the first may have scrolled away', async () => {
  const first = await run();
  const second = await run([]);
  expect(second.setupCode).not.toBe(first.setupCode);
  expect(account.workers.films?.secrets.SETUP_CODE).toBe(second.setupCode);
});

it('goes on from wherever it failed, be it before or after the work of the step', async () => {
  await run();
  const steps = account.commands.length;
  for (let command = 1; command <= steps; command++) {
    for (const when of ['before', 'after'] as const) {
      account = new CloudflareAccount(ADDRESS);
      account.failAt = { command, when };
      rmSync(deploymentFiles(folder).edge, { force: true });
      await run().catch(() => {});
      const secret = account.workers.films?.secrets.HEARTHCAST_SECRET;
      const { setupCode } = await run();
      const { databases, buckets, workers } = account;
      expect([command, when, databases.length, buckets.length]).toEqual([command, when, 1, 2]);
      // A secret that an edge has once run with is never replaced: its keys would change.
      if (secret !== undefined) expect(workers.films?.secrets.HEARTHCAST_SECRET).toBe(secret);
      expect(workers.films?.secrets.SETUP_CODE).toBe(setupCode);
      expect(workers.films?.schemaBefore).toBe(true);
    }
  }
});

it('replaces no secret of a deployment in use, whichever step of an update fails', async () => {
  await run();
  owner = true;
  const before = structuredClone(account.workers.films?.secrets);
  const steps = account.commands.length;
  for (let command = 1; command <= steps; command++) {
    account.failAt = { command: account.commands.length + command, when: 'before' };
    await run([]).catch(() => {});
    expect([command, account.workers.films?.secrets]).toEqual([command, before]);
  }
});

it('keeps no secret in the files that it writes', async () => {
  const { setupCode } = await run(['--name', 'films', '--domain', 'films.example.org']);
  const { edge, passwords } = deploymentFiles(folder);
  for (const file of [edge, passwords]) {
    const text = readFileSync(file, 'utf8');
    expect(statSync(file).isFile()).toBe(true);
    for (const secret of [setupCode as string, account.workers.films?.secrets.HEARTHCAST_SECRET as string])
      expect(text).not.toContain(secret);
  }
  expect(readFileSync(edge, 'utf8')).toContain('films.example.org');
  expect(readDeployment(deploymentFiles(folder))?.domain).toBe('films.example.org');
});

it('writes what it reads', () => {
  const files = deploymentFiles(folder);
  const deployment = { name: 'x', databaseId: 'id-1', domain: 'a.example', accountId: 'acc' };
  writeDeployment(files, deployment);
  expect(readDeployment(files)).toEqual(deployment);
});

it.each([
  ['You are not authenticated. Please run `wrangler login`.', /login/],
  ['Please enable R2 through the Cloudflare Dashboard. [code: 10042]', /R2/],
  ['TypeError: fetch failed', /internet/],
])('knows what to do about: %s', (said, advice) => {
  expect(adviceFor(said)).toMatch(advice);
});
