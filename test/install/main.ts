import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectVersion } from '../../scripts/build/agent.ts';
import { Household } from '../e2e/household.ts';
import { openReleaseProxy } from '../e2e/release-proxy.ts';
import { Releases } from '../e2e/releases.ts';
import { CleanDebian } from './clean-debian.ts';
import { HomeNetwork } from './home-network.ts';
import { play } from './play.ts';
import { Report } from './report.ts';
import { obstacles } from './requirements.ts';

/**
 * `node test/install/main.ts`, as root: the installer in a freshly made Debian that runs systemd in namespaces and on
 * a network of its own, against an edge of this checkout. It asks nothing, ends with 0 when all steps are good, 1
 * when one is not, and 3 where this machine permits no such thing. `KEEP=1` keeps the folder with its logs.
 */
const EXIT = { good: 0, failed: 1, impossible: 3, interrupted: 130 } as const;
const NEWER = '9.9.1';
const BROKEN = '9.9.2';

const say = (line: string) => void process.stdout.write(`${line}\n`);

async function main(): Promise<number> {
  const missing = await obstacles();
  if (missing.length > 0) {
    say('A clean machine cannot be made here. What was tried:');
    for (const one of missing) say(`  ${one}`);
    return EXIT.impossible;
  }
  const folder = mkdtempSync(join(tmpdir(), 'hearthcast-clean-'));
  await using made = new AsyncDisposableStack();
  made.defer(() => {
    if (process.env.KEEP) say(`Kept: ${folder}`);
    else rmSync(folder, { recursive: true, force: true });
  });
  const interrupted = new Promise<number>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve(EXIT.interrupted));
  });
  return await Promise.race([interrupted, run(folder, made)]);
}

async function run(folder: string, made: AsyncDisposableStack): Promise<number> {
  const report = new Report(say);
  const network = made.use(await HomeNetwork.lay());
  const home = made.use(await Household.start(join(folder, 'home')));
  const proxy = made.use(await openReleaseProxy(home.url, network.router));
  const releases = new Releases(join(folder, 'releases'), join(folder, 'home', 'edge', 'release-key.pem'));
  const newer = await releases.good(NEWER);
  const offers = { newer, broken: releases.broken(newer, BROKEN), own: null };
  let debian: CleanDebian | null = null;
  await report.step('A clean Debian on a network of its own', async (saw) => {
    debian = made.use(await CleanDebian.boot(folder, network));
    saw((await debian.asRoot('sh', '-c', '. /etc/os-release; echo "$PRETTY_NAME"')).text.trim());
    saw((await debian.asRoot('systemctl', '--version')).text.split(' (')[0] ?? '');
    saw(`${network.address}, behind ${network.router} with address translation; nothing reaches in`);
    const there = await debian.asRoot('curl', '-fsS', `${proxy.url}/health/live`);
    if (there.code !== 0) throw new Error(`The edge at ${proxy.url} is not reached from there: ${there.text}`);
  });
  if (debian) {
    const offer = (release: keyof typeof offers) => proxy.offer(offers[release]);
    const scene = { debian, home, edge: proxy.url, version: projectVersion(), offer, newer: NEWER, broken: BROKEN };
    await play(scene, report);
  }
  say(report.summary());
  return report.failed ? EXIT.failed : EXIT.good;
}

process.exit(await main());
