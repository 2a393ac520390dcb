import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, copyFileSync, existsSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { childrenOf } from '../../scripts/local/instance.ts';
import { done, type Outcome, outcomeOf } from './command.ts';
import type { HomeNetwork } from './home-network.ts';

const SUITE = 'trixie';
const MIRROR = process.env.DEBIAN_MIRROR ?? 'http://deb.debian.org/debian';
/** What a small server has from the start. */
const PACKAGES = 'ca-certificates,curl,sudo,systemd,systemd-sysv,dbus,iproute2';
const CACHE = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'hearthcast', `debian-${SUITE}`);

const MAKE_MS = 15 * 60_000;
const BOOT_MS = 60_000;
const STOP_MS = 60_000;
const LOOK_MS = 100;
const COPY_MS = 120_000;
/** Longest of all are the packages. */
const COMMAND_MS = 10 * 60_000;

const HOST = 'cleanroom';

/** Of a person who may do everything by sudo. */
export const PERSON = 'ada';
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
/** Not looked at when files are listed. */
const NOT_ON_DISK = ['proc', 'sys', 'dev', 'run', 'tmp'];

/** A freshly made Debian with systemd as its first process, in namespaces of its own. */
export class CleanDebian implements AsyncDisposable {
  readonly #root: string;
  readonly #network: HomeNetwork;
  #container: ChildProcess | null = null;
  #first = 0;

  private constructor(root: string, network: HomeNetwork) {
    this.#root = root;
    this.#network = network;
  }

  /** Makes one below `folder`, from a root that is kept for the next time, and starts it. */
  static async boot(folder: string, network: HomeNetwork): Promise<CleanDebian> {
    await makeCache();
    const root = join(folder, 'root');
    await done(['cp', '-a', join(CACHE, 'root'), root], COPY_MS);
    const debian = new CleanDebian(root, network);
    await debian.powerOn();
    return debian;
  }

  async powerOn(): Promise<void> {
    const log = openSync(`${this.#root}.log`, 'a');
    const args = ['--quiet', '--register=no', '--keep-unit', '--directory', this.#root, '--boot'];
    args.push(`--network-namespace-path=${this.#network.path}`, '--resolv-conf=copy-host', '--link-journal=no');
    args.push('--machine=cleanroom', '--console=pipe', `--bind=${join(CACHE, 'archives')}:/var/cache/apt/archives`);
    // The newest systemd knows the unified hierarchy only, whatever this machine uses.
    const env = { ...process.env, SYSTEMD_NSPAWN_UNIFIED_HIERARCHY: '1' };
    const container = spawn('systemd-nspawn', args, { stdio: ['ignore', log, log], env });
    closeSync(log);
    this.#container = container;
    for (const end = Date.now() + BOOT_MS; ; await sleep(LOOK_MS)) {
      if (container.exitCode !== null) throw new Error(`systemd-nspawn ended with ${container.exitCode}`);
      if (Date.now() > end) throw new Error('the clean Debian did not start');
      this.#first = childrenOf(container.pid ?? 0)[0] ?? 0;
      if (this.#first > 0 && (await this.asRoot('test', '-S', '/run/dbus/system_bus_socket')).code === 0) break;
    }
    // Units that a container cannot have are no reason to wait for more than this.
    await this.asRoot('systemctl', 'is-system-running', '--wait');
  }

  /** Shuts it down as its owner would. */
  async powerOff(): Promise<void> {
    const container = this.#container;
    this.#container = null;
    if (!container || container.exitCode !== null) return;
    const ended = new Promise<void>((resolve) => container.once('exit', () => resolve()));
    await this.asRoot('systemctl', 'poweroff');
    const late = setTimeout(() => container.kill('SIGKILL'), STOP_MS);
    await ended;
    clearTimeout(late);
  }

  asRoot(...argv: string[]): Promise<Outcome> {
    return this.#inside('root', argv);
  }

  /** As a person types it into a shell. With answers, in a terminal that asks for them. */
  asPerson(line: string, answers?: string): Promise<Outcome> {
    const as = ['runuser', '-u', PERSON, '--'];
    if (answers === undefined) return this.#inside(PERSON, [...as, 'sh', '-c', line]);
    return this.#inside(PERSON, [...as, 'script', '-qefc', line, '/dev/null'], answers);
  }

  /** All files there are, by their paths. */
  async files(): Promise<string[]> {
    const pruned = NOT_ON_DISK.flatMap((name) => ['-path', join(this.#root, name), '-o']).slice(0, -1);
    const found = await done(['find', this.#root, '-xdev', '(', ...pruned, ')', '-prune', '-o', '-print'], COPY_MS);
    return found
      .split('\n')
      .filter((path) => path.length > this.#root.length)
      .map((path) => path.slice(this.#root.length));
  }

  /** The paths of all packages that are installed. */
  async packaged(): Promise<string[]> {
    const { text } = await this.asRoot('sh', '-c', 'cat /var/lib/dpkg/info/*.list');
    return text.split('\n');
  }

  #inside(user: string, argv: readonly string[], input = ''): Promise<Outcome> {
    const home = user === 'root' ? '/root' : `/home/${user}`;
    const env = ['env', '-i', `PATH=${PATH}`, `HOME=${home}`, 'LANG=C.UTF-8'];
    return outcomeOf(['nsenter', '--target', String(this.#first), '--all', '--', ...env, ...argv], COMMAND_MS, input);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.powerOff();
  }
}

/** The root that copies are made of, and the packages that were fetched for them. */
async function makeCache(): Promise<void> {
  const root = join(CACHE, 'root');
  mkdirSync(join(CACHE, 'archives', 'partial'), { recursive: true });
  if (existsSync(root)) return;
  const made = join(CACHE, 'root.new');
  rmSync(made, { recursive: true, force: true });
  await done(['debootstrap', '--variant=minbase', `--include=${PACKAGES}`, SUITE, made, MIRROR], MAKE_MS);
  // A network that looks into TLS has a CA of its own: what this machine trusts, that one trusts.
  const authorities = 'etc/ssl/certs/ca-certificates.crt';
  copyFileSync(join('/', authorities), join(made, authorities));
  // Nobody minds a root that a power cut spoils, and it is made in half the time.
  writeFileSync(join(made, 'etc/dpkg/dpkg.cfg.d/unsafe-io'), 'force-unsafe-io\n');
  await done(['chroot', made, 'useradd', '--create-home', '--shell', '/bin/bash', PERSON], COPY_MS);
  writeFileSync(join(made, 'etc/sudoers.d', PERSON), `${PERSON} ALL=(ALL) NOPASSWD: ALL\n`, { mode: 0o440 });
  writeFileSync(join(made, 'etc/hostname'), `${HOST}\n`);
  writeFileSync(join(made, 'etc/hosts'), `127.0.0.1 localhost\n127.0.1.1 ${HOST}\n`);
  mkdirSync(join(made, 'srv/films'));
  renameSync(made, root);
}
