// What the tests need beyond npm packages: ffmpeg and a Chromium. Plain JavaScript for the machine's own Node.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fail } from './dependencies.mjs';

/** Program and the Debian package that brings it. */
const NEEDED = { ffmpeg: 'ffmpeg', chromium: 'chromium', shellcheck: 'shellcheck' };

const MAC_CHROME = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';

/** Where Chromium is: CHROMIUM in the environment, on the PATH, or a Mac's Google Chrome. */
export function findChromium() {
  return (
    process.env.CHROMIUM ??
    which('chromium') ??
    which('chromium-browser') ??
    which('google-chrome') ??
    (existsSync(MAC_CHROME) ? MAC_CHROME : undefined)
  );
}

/** Installs what is missing where this process may (root on Debian); elsewhere says what to install. */
export function ensureSystem() {
  const missing = Object.keys(NEEDED).filter((name) => (name === 'chromium' ? !findChromium() : !which(name)));
  if (missing.length === 0) return;
  const packages = missing.map((name) => NEEDED[name]);
  if (process.platform === 'darwin')
    fail(`the tests need ${missing.join(' and ')}: brew install ${packages.join(' ')}`);
  const asRoot = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  if (!which('apt-get')) fail(`the tests need ${missing.join(' and ')}: install them with your package manager.`);
  process.stderr.write(`Installing ${packages.join(' and ')} (Debian packages)…\n`);
  const apt = (...args) => {
    const [command, ...rest] = [...asRoot, 'apt-get', '-qq', ...args];
    return (
      spawnSync(command, rest, {
        stdio: ['ignore', 'ignore', 2],
        env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      }).status === 0
    );
  };
  apt('update');
  if (!apt('install', '-y', '--no-install-recommends', ...packages)) {
    fail(`could not install ${packages.join(' and ')}: run \`sudo apt-get install ${packages.join(' ')}\` yourself.`);
  }
}

function which(name) {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map((dir) => join(dir, name))
    .find((path) => existsSync(path));
}
