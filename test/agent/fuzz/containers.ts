import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execute } from '../playback-stage.ts';
import { sample } from '../samples.ts';

export interface Container {
  name: string;
  format: 'mp4' | 'mkv' | 'segments';
  bytes: Buffer;
}

/** Small whole files of each shape that the readers know. */
const SHAPES = [
  ['front.mp4', 'mp4', ['-movflags', '+faststart']],
  ['back.mp4', 'mp4', []],
  ['fragmented.mp4', 'mp4', ['-movflags', '+frag_keyframe+empty_moov']],
  ['back.mkv', 'mkv', []],
  ['front.mkv', 'mkv', ['-reserve_index_space', '2k']],
  ['live.mkv', 'mkv', ['-live', '1']],
  [
    'packets.mp4',
    'segments',
    ['-an', '-movflags', '+cmaf+empty_moov+default_base_moof+frag_discont+frag_every_frame', '-use_editlist', '0'],
  ],
] as const;

/** Three seconds of the sample film in each shape. */
export async function containers(): Promise<Container[]> {
  const film = await sample('film.mp4');
  const dir = await mkdtemp(join(tmpdir(), 'hearthcast-containers-'));
  try {
    return await Promise.all(
      SHAPES.map(async ([name, format, options]) => {
        const path = join(dir, name);
        await execute('ffmpeg', ['-v', 'error', '-i', film, '-t', '3', '-c', 'copy', ...options, path]);
        return { name, format, bytes: await readFile(path) };
      }),
    );
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
