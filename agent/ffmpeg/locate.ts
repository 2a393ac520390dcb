import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** Absolute paths of the two programs that everything here runs. */
export interface Binaries {
  ffmpeg: string;
  ffprobe: string;
}

/**
 * Finds ffmpeg and ffprobe: by HEARTHCAST_FFMPEG and HEARTHCAST_FFPROBE, else on the PATH (the system's own
 * knows the machine's hardware). Null where one is missing.
 */
export async function locateFfmpeg(env: NodeJS.ProcessEnv = process.env): Promise<Binaries | null> {
  const ffmpeg = await find('ffmpeg', env.HEARTHCAST_FFMPEG, env.PATH);
  const ffprobe = await find('ffprobe', env.HEARTHCAST_FFPROBE, env.PATH);
  return ffmpeg && ffprobe ? { ffmpeg, ffprobe } : null;
}

async function find(name: string, chosen: string | undefined, path: string | undefined): Promise<string | null> {
  const file = process.platform === 'win32' ? `${name}.exe` : name;
  const candidates = chosen
    ? [chosen]
    : (path ?? '')
        .split(delimiter)
        .filter(Boolean)
        .map((dir) => join(dir, file));
  for (const candidate of candidates) {
    try {
      await access(candidate, constants.X_OK);
      return candidate;
    } catch {
      // Not there: the next one.
    }
  }
  return null;
}
