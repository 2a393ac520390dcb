import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BenchServer } from '../bench/server.ts';
import { type Passed, startTap } from './tap.ts';

/**
 * `node test/sim/players.ts`: what players that are installed here (Debian's mpv, vlc, curl, wget) do with a film in
 * parts, of which one body breaks off. Ends with 1 where one of them did not do what docs/players.md says.
 */
const TITLE = 'Players';
const CUT_AFTER = 30_000_000;
/** A player that has not come to the end by then hangs. */
const LONGEST_MS = 180_000;

const dir = mkdtempSync(join(tmpdir(), 'hearthcast-players-'));
const file = makeFilm(join(dir, 'Films'));
const film = readFileSync(file);
const out = (name: string) => join(dir, name);

/** Each client, the code that it ends with, and whether what it keeps must be the whole film. */
const CLIENTS = [
  {
    name: 'mpv',
    args: ['--no-config', '--vo=null', '--ao=null', '--untimed', '--no-cache', 'URL'],
    code: 0,
    keeps: null,
  },
  { name: 'cvlc', args: ['--vout=dummy', '--aout=dummy', '--rate=8', '--play-and-exit', 'URL'], code: 0, keeps: null },
  { name: 'curl', args: ['-sS', '--fail', '-o', out('once'), 'URL'], code: 18, keeps: null },
  {
    name: 'sh',
    args: ['-c', `until curl -s --fail -C - -o ${out('resumed')} URL; do sleep 1; done`],
    code: 0,
    keeps: 'resumed',
  },
  { name: 'wget', args: ['-q', '-c', '-O', out('wget'), 'URL'], code: 0, keeps: 'wget' },
] as const;

try {
  await using server = await BenchServer.start(join(dir, 'data'), ['--media', join(dir, 'Films')]);
  for (const client of CLIENTS) {
    if (spawnSync('which', [client.name]).status !== 0) {
      console.log(`${client.name} is not installed`);
      continue;
    }
    await using tap = await startTap(CUT_AFTER);
    const url = tap.address(await server.playDirect(TITLE));
    const code = await ended(
      client.name,
      client.args.map((arg) => arg.replace('URL', url)),
    );
    const whole = client.keeps === null || readFileSync(out(client.keeps)).equals(film);
    const reached = client.code !== 0 || lastByte(tap.passed) === film.length;
    const right = code === client.code && whole && reached && tap.passed.some(({ cut }) => cut);
    console.log(`${client.name}: ended with ${code}, ${right ? 'as it should' : 'NOT as it should'}`);
    console.table(tap.passed);
    if (!right) process.exitCode = 1;
  }
} finally {
  rmSync(dir, { recursive: true, force: true });
}

/** One past the last byte of the film that came. */
function lastByte(passed: readonly Passed[]): number {
  return Math.max(
    ...passed.map(({ contentRange, bytes, cut }) => {
      const [, start = '0'] = /^bytes (\d+)-/.exec(contentRange ?? '') ?? [];
      return cut ? 0 : Number(start) + bytes;
    }),
  );
}

function ended(command: string, args: readonly string[]): Promise<number | null> {
  // VLC does not run as root.
  const nobody = command === 'cvlc' && process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  const env = { ...process.env, HOME: tmpdir() };
  const child = spawn(command, args, { stdio: 'ignore', env, timeout: LONGEST_MS, ...nobody });
  return new Promise((resolve, reject) => child.once('exit', resolve).once('error', reject));
}

/** Half a minute of noise, which no encoder makes small: about 60 MB. */
function makeFilm(folder: string): string {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${TITLE} (2020).mp4`);
  const noise = 'testsrc2=size=640x360:rate=24:duration=30,noise=alls=80:allf=t';
  const rate = ['-b:v', '16M', '-minrate', '16M', '-maxrate', '16M', '-bufsize', '16M'];
  const encode = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', ...rate];
  const made = spawnSync('ffmpeg', [
    '-v',
    'error',
    '-f',
    'lavfi',
    '-i',
    noise,
    ...encode,
    '-movflags',
    '+faststart',
    path,
  ]);
  if (made.status !== 0) throw new Error(`ffmpeg: ${made.stderr}`);
  return path;
}
