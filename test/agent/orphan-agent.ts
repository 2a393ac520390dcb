import { start } from '../../agent/ffmpeg/process.ts';
import { BINARIES } from './playback-stage.ts';

// A process that reads a little of what ffmpeg makes and then nothing more, as a paused viewer's producer does.
const path = process.argv[2] ?? '';
const args = [
  '-nostdin',
  '-v',
  'error',
  '-i',
  path,
  '-c:v',
  'libx264',
  '-preset',
  'ultrafast',
  '-f',
  'mpegts',
  'pipe:1',
];
const running = start(BINARIES.ffmpeg, args);
running.stdout.once('readable', () => console.log(String(running.pid)));
setInterval(() => {}, 1000);
