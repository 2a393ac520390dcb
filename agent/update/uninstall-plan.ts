import { basename, dirname } from 'node:path';
import type { InstallRecord } from './installation.ts';

/** What the user says to keep. */
export interface UninstallOptions {
  /** Identity, index, cache, and its place at the server: an agent that is installed again goes on where this one was. */
  keepData: boolean;
  keepConfig: boolean;
}

export interface UninstallPlan {
  /** Commands with their arguments, in order, before anything is removed. */
  run: string[][];
  remove: string[];
  /** Folders that may hold what is not ours. */
  removeIfEmpty: string[];
  /** What stays, each with why. */
  kept: string[];
}

/** Just what install.sh has made, as it noted it, without what the user keeps. */
export function planUninstall(record: InstallRecord, { keepData, keepConfig }: UninstallOptions): UninstallPlan {
  const { app, data, config, command, user, madeUser, service, packages } = record;
  const run: string[][] = [];
  if (service.kind === 'systemd') run.push(['systemctl', 'disable', '--now', basename(service.file)]);
  if (service.kind === 'launchd') run.push(['launchctl', 'bootout', 'system', service.file]);
  if (service.kind === 'task') {
    run.push(['schtasks', '/End', '/TN', service.file], ['schtasks', '/Delete', '/TN', service.file, '/F']);
  }
  if (madeUser && !keepData) run.push(['userdel', user]);
  const remove = [
    ...(service.kind === 'systemd' || service.kind === 'launchd' ? [service.file] : []),
    command,
    app,
    ...(keepData ? [] : [data]),
    ...(keepConfig ? [] : [config]),
  ];
  const kept = [
    'the shared folders and everything in them',
    ...(keepData ? [`${data} (identity, index, cache, as you said), and with it this machine at the server`] : []),
    ...(keepData && madeUser ? [`the user ${user}, who owns it`] : []),
    ...(keepConfig ? [`${config} (as you said)`] : []),
    ...(packages.length > 0
      ? [`packages that were installed for it, in case others use them: ${packages.join(', ')}`]
      : []),
  ];
  const removeIfEmpty = [dirname(command), dirname(config)].filter((folder) => folder !== '/usr/local/bin');
  return { run, remove, removeIfEmpty: [...new Set(removeIfEmpty)], kept };
}
