import { resolve } from 'node:path';
import { locateFfmpeg } from '../../agent/ffmpeg/locate.ts';
import { makeDemoLibrary } from './make-demo-library.ts';

const [dir] = process.argv.slice(2);
const binaries = await locateFfmpeg();
if (!dir || !binaries) {
  process.stderr.write(dir ? 'ffmpeg is missing: install it first.\n' : 'usage: node scripts/demo/main.ts FOLDER\n');
  process.exit(2);
}
const made = await makeDemoLibrary({
  dir: resolve(dir),
  ffmpeg: binaries.ffmpeg,
  onProgress: (done, total, name) => process.stdout.write(`${done}/${total} ${name}\n`),
});
for (const notice of made.notices) process.stdout.write(`${notice}\n`);
process.stdout.write(`${made.movies}\n${made.shows}\n`);
