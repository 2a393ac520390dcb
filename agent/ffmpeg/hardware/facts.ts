import { constants } from 'node:fs';
import { access, readFile, stat } from 'node:fs/promises';
import { userInfo } from 'node:os';
import type { DeviceName } from './device.ts';

/** What the system says about the way to a device, before anything is tried. */
export interface DeviceFacts {
  /** Whether it could be here at all: another system's device is not worth a word. */
  possible: boolean;
  /** The device's file on Linux. */
  node: { path: string; state: 'missing' | 'forbidden' | 'ok'; group: string | null } | null;
  /** Whom to give the group to. */
  user: string;
}

const NODES: Partial<Record<DeviceName, string>> = {
  nvenc: '/dev/nvidiactl',
  qsv: '/dev/dri/renderD128',
  vaapi: '/dev/dri/renderD128',
  rkmpp: '/dev/mpp_service',
};

const PLATFORMS: Record<DeviceName, readonly NodeJS.Platform[]> = {
  nvenc: ['linux', 'win32'],
  qsv: ['linux', 'win32'],
  vaapi: ['linux'],
  videotoolbox: ['darwin'],
  amf: ['win32'],
  rkmpp: ['linux'],
};

/** Never rejects. */
export async function factsOf(name: DeviceName): Promise<DeviceFacts> {
  const possible = PLATFORMS[name].includes(process.platform);
  const path = process.platform === 'linux' ? NODES[name] : undefined;
  return { possible, node: path ? await nodeAt(path) : null, user: userName() };
}

async function nodeAt(path: string): Promise<NonNullable<DeviceFacts['node']>> {
  const found = await stat(path).catch(() => null);
  if (!found) return { path, state: 'missing', group: null };
  const allowed = await access(path, constants.R_OK | constants.W_OK).then(
    () => true,
    () => false,
  );
  return { path, state: allowed ? 'ok' : 'forbidden', group: await groupName(found.gid) };
}

/** The group's name, or its number where the system does not know one (as in a container). */
async function groupName(gid: number): Promise<string> {
  const groups = await readFile('/etc/group', 'utf8').catch(() => '');
  return (
    groups
      .split('\n')
      .find((line) => line.split(':')[2] === String(gid))
      ?.split(':')[0] ?? String(gid)
  );
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A number without a name, as in a container.
    return String(process.getuid?.() ?? 'this user');
  }
}
