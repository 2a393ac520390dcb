import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PROJECT } from '../../scripts/build/paths.ts';
import { Household } from '../e2e/household.ts';
import { openReleaseProxy } from '../e2e/release-proxy.ts';
import { Releases } from '../e2e/releases.ts';

/**
 * `node test/install/main.ts`: the installer in a clean Debian root, against an edge of this checkout. The root is in
 * mount, process and host-name namespaces of its own; its network is the machine's, as it needs the mirror.
 */
const LOOK_MS = 200;

const folder = mkdtempSync(join(tmpdir(), 'hearthcast-clean-'));
const root = join(folder, 'root');
const home = await Household.start(join(folder, 'home'));
const proxy = await openReleaseProxy(home.url);
const releases = new Releases(join(folder, 'releases'), join(folder, 'home', 'edge', 'release-key.pem'));
const good = await releases.good('9.9.1');
const offers: Readonly<Record<string, string>> = { '9.9.1': good, '9.9.2': releases.broken(good, '9.9.2') };
const timer = setInterval(() => {
  const wanted = existsSync(`${root}.offer`) ? readFileSync(`${root}.offer`, 'utf8') : '';
  proxy.offer(offers[wanted] ?? null);
}, LOOK_MS);
try {
  const { code } = await home.post<{ code: string }>('/agents/enrolments', {});
  const script = join(PROJECT, 'test', 'install', 'clean-root.sh');
  const child = spawn(
    'unshare',
    ['--mount', '--uts', '--pid', '--fork', '--kill-child', 'sh', script, root, proxy.url, code],
    { stdio: 'inherit' },
  );
  process.exitCode = await new Promise<number>((resolve) => child.once('exit', (status) => resolve(status ?? 1)));
} finally {
  clearInterval(timer);
  await proxy[Symbol.asyncDispose]();
  await home[Symbol.asyncDispose]();
  if (!process.env.KEEP) rmSync(folder, { recursive: true, force: true });
}
process.exit();
