import { done } from './command.ts';

const LIMIT_MS = 20_000;

/** What is tried before anything is made, and the Debian package that brings it. */
const TRIED: readonly (readonly [argv: readonly string[], needs: string])[] = [
  [['debootstrap', '--version'], 'apt-get install debootstrap'],
  [['systemd-nspawn', '--version'], 'apt-get install systemd-container'],
  [['nft', '--version'], 'apt-get install nftables'],
  [['ip', '-V'], 'apt-get install iproute2'],
  [['unshare', '--mount', '--pid', '--net', '--uts', '--ipc', '--fork', 'true'], 'root, and a kernel with namespaces'],
  [['sh', '-c', 'grep -qw cgroup2 /proc/filesystems'], 'a kernel with the unified hierarchy of control groups'],
];

/** What stands in the way of a clean machine in namespaces here: each command that was tried, and what it needs. */
export async function obstacles(): Promise<string[]> {
  const found: string[] = [];
  for (const [argv, needs] of TRIED) {
    await done(argv, LIMIT_MS).catch((error: Error) => found.push(`${error.message.trim()} (needs: ${needs})`));
  }
  return found;
}
