import { mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { run } from '../../agent/ffmpeg/process.ts';
import { artworkArguments, filmArguments, letteringTest, paintingWidth, toneArguments } from './arguments.ts';
import { captionsOf } from './captions.ts';
import { paintLandscape } from './landscape.ts';
import { episodeNfo, storyNfo } from './sidecars.ts';
import { EPISODE_STORIES, STORIES } from './stories.ts';
import { TIME_CODE_SIZE, timeCodeVideo } from './time-code.ts';
import { type DemoFilm, type DemoTitle, FILMS, SERIES } from './titles.ts';

/** Raised when the films change, so that an older demo library is made anew. */
const RECIPE_VERSION = 3;

/** Each encoder is given two threads; more side by side would not be faster on a small machine. */
const MAX_PARALLEL = 2;

/** On a small or busy machine; the longest takes ten seconds of a processor. */
const FILE_TIMEOUT_MS = 300_000;

export interface DemoLibraryOptions {
  /** Gets the folders "Movies" and "Shows". */
  dir: string;
  /** Path of the ffmpeg to run. */
  ffmpeg: string;
  /** How much of each film is made, from 0 to 1; without it all. What only looks at the files needs less. */
  part?: number;
  onProgress?: (done: number, total: number, name: string) => void;
  signal?: AbortSignal;
}

export interface DemoLibrary {
  movies: string;
  shows: string;
  /** A sentence for each film that this ffmpeg cannot make. */
  notices: string[];
}

interface Job {
  path: string;
  make(output: string, scratch: string): Promise<void>;
}

/**
 * Makes a small library of films that cost nothing and belong to nobody: every way of playing (direct, remux,
 * transcode), two languages, subtitles, a series. Files that are complete are left alone, so a second call
 * returns at once; each file appears under its name only when it is whole.
 * Throws when ffmpeg cannot make a file, and the signal's reason when it is aborted.
 */
export async function makeDemoLibrary(options: DemoLibraryOptions): Promise<DemoLibrary> {
  const { dir, ffmpeg, signal, part = 1 } = options;
  const library: DemoLibrary = { movies: join(dir, 'Movies'), shows: join(dir, 'Shows'), notices: [] };
  await discardOlderRecipe(dir);
  for (const folder of [library.movies, library.shows]) await mkdir(folder, { recursive: true });
  const longest = Math.ceil(Math.max(SERIES.secondsPerEpisode, ...FILMS.map(({ seconds }) => seconds)) * part);
  const studio = studioOf((args) => runFfmpeg(ffmpeg, args, signal), longest);
  const jobs: Job[] = [];
  for (const job of [
    ...FILMS.flatMap((film) => filmJobs(library.movies, { ...film, seconds: Math.ceil(film.seconds * part) }, studio)),
    ...seriesJobs(library.shows, Math.ceil(SERIES.secondsPerEpisode * part), studio),
  ]) {
    if (!(await exists(job.path))) jobs.push(job);
  }
  if (jobs.length === 0) return library;
  const scratch = await mkdtemp(join(tmpdir(), 'hearthcast-demo-'));
  const total = jobs.length;
  let done = 0;
  options.onProgress?.(0, total, '');
  const work = async () => {
    for (let job = jobs.shift(); job; job = jobs.shift()) {
      signal?.throwIfAborted();
      const unfinished = join(dirname(job.path), `.${basename(job.path)}.part`);
      await mkdir(dirname(job.path), { recursive: true });
      try {
        await job.make(unfinished, scratch);
        await rename(unfinished, job.path);
      } catch (error) {
        await rm(unfinished, { force: true });
        if (!(error instanceof MissingEncoder)) {
          jobs.length = 0;
          throw error;
        }
        library.notices.push(`${basename(job.path)} was left out: ${error.message}`);
      }
      options.onProgress?.(++done, total, basename(job.path));
    }
  };
  try {
    const results = await Promise.allSettled(Array.from({ length: MAX_PARALLEL }, work));
    for (const result of results) if (result.status === 'rejected') throw result.reason;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  await writeFile(join(dir, '.demo-recipe'), String(RECIPE_VERSION));
  return library;
}

/** What all jobs of a library share. */
interface Studio {
  ff(args: string[]): Promise<void>;
  /** Path of the films' tone, made in the scratch folder for the first that asks. */
  tone(scratch: string): Promise<string>;
  /** Whether this ffmpeg can draw letters, and finds a font. */
  canLetter(): Promise<boolean>;
}

function studioOf(ff: Studio['ff'], toneSeconds: number): Studio {
  let tone: Promise<string> | undefined;
  let lettering: Promise<boolean> | undefined;
  return {
    ff,
    tone(scratch) {
      const path = join(scratch, 'tone.m4a');
      tone ??= ff(toneArguments(toneSeconds, path)).then(() => path);
      return tone;
    },
    canLetter() {
      lettering ??= ff(letteringTest()).then(
        () => true,
        () => false,
      );
      return lettering;
    },
  };
}

function filmJobs(movies: string, film: DemoFilm, studio: Studio): Job[] {
  const name = `${film.title} (${film.year})`;
  const extension = film.recipe === 'h264-mp4' ? 'mp4' : film.recipe === 'mpeg2-ts' ? 'ts' : 'mkv';
  const video = {
    path: join(movies, name, `${name}.${extension}`),
    make: (output: string, scratch: string) => makeFilm(film, output, scratch, studio),
  };
  return [
    // Before the film, which is read as soon as it is there.
    ...storyJobs(join(movies, name, `${name}.nfo`), 'movie', film),
    video,
    ...artworkJobs(join(movies, name), film, String(film.year), studio),
  ];
}

function seriesJobs(shows: string, seconds: number, studio: Studio): Job[] {
  const folder = join(shows, `${SERIES.title} (${SERIES.year})`);
  const jobs = [
    ...storyJobs(join(folder, 'tvshow.nfo'), 'tvshow', SERIES),
    ...artworkJobs(folder, SERIES, 'A series', studio),
  ];
  SERIES.seasons.forEach((titles, s) => {
    const season = String(s + 1).padStart(2, '0');
    const poster = join(folder, `season${season}-poster.jpg`);
    jobs.push(pictureJob(poster, { ...SERIES, seed: SERIES.seed + s + 1 }, `Season ${s + 1}`, 600, 900, studio));
    titles.forEach((title, e) => {
      const file = `${SERIES.title} - S${season}E${String(e + 1).padStart(2, '0')} - ${title}.mp4`;
      const plot = EPISODE_STORIES[title];
      const nfo = join(folder, `Season ${season}`, file.replace(/mp4$/, 'nfo'));
      if (plot) jobs.push(textJob(nfo, episodeNfo(title, s + 1, e + 1, plot)));
      const film = { ...SERIES, recipe: 'h264-mp4' as const, seconds, seed: s * 100 + e };
      jobs.push({
        path: join(folder, `Season ${season}`, file),
        make: (output, scratch) => makeFilm(film, output, scratch, studio),
      });
    });
  });
  return jobs;
}

function storyJobs(path: string, kind: 'movie' | 'tvshow', { title, year }: DemoTitle): Job[] {
  const story = STORIES[title];
  return story ? [textJob(path, storyNfo(kind, title, year, story))] : [];
}

const textJob = (path: string, text: string): Job => ({ path, make: (output) => writeFile(output, text) });

function artworkJobs(folder: string, title: DemoTitle, line: string, studio: Studio): Job[] {
  return [
    pictureJob(join(folder, 'poster.jpg'), title, line, 600, 900, studio),
    pictureJob(join(folder, 'fanart.jpg'), title, null, 1280, 720, studio),
  ];
}

function pictureJob(
  path: string,
  title: DemoTitle,
  line: string | null,
  width: number,
  height: number,
  studio: Studio,
): Job {
  return {
    path,
    async make(output, scratch) {
      const { palette, seed } = title;
      const painting = join(scratch, `${title.title}-${seed}-${width}.ppm`);
      await writeFile(painting, paintLandscape({ width, height, palette, seed }));
      const lettering = line && (await studio.canLetter()) ? { title: title.title, line, size: 84 } : null;
      await studio.ff(artworkArguments(painting, lettering, output));
    },
  };
}

async function makeFilm(film: Omit<DemoFilm, 'year'>, output: string, scratch: string, studio: Studio): Promise<void> {
  const { recipe, seconds, size, palette, seed } = film;
  const name = join(scratch, `${film.title}-${seed}`);
  const painting = `${name}.ppm`;
  const width = paintingWidth(size.width, seconds);
  await writeFile(painting, paintLandscape({ width, height: size.height, palette, seed }));
  await writeFile(`${name}.gray`, timeCodeVideo(seconds));
  const subtitles = [];
  if (recipe === 'h264-mkv-languages') {
    for (const { language, title, text } of captionsOf(seconds)) {
      const file = `${name}.${language}.srt`;
      await writeFile(file, text);
      subtitles.push({ file, language, title });
    }
  }
  const timeCode = `${name}.gray`;
  const files = { painting, timeCode, tone: await studio.tone(scratch), subtitles, output };
  await studio.ff(filmArguments({ recipe, seconds, size, timeCodeSize: TIME_CODE_SIZE, ...files }));
  await Promise.all([painting, timeCode].map((file) => rm(file)));
}

/** The ffmpeg was built without what a film needs: that one is left out. */
class MissingEncoder extends Error {}

async function runFfmpeg(ffmpeg: string, args: string[], signal: AbortSignal | undefined): Promise<void> {
  const limits = { timeoutMs: FILE_TIMEOUT_MS, maxStdoutBytes: 1024 };
  const result = await run(ffmpeg, args, signal ? { ...limits, signal } : limits);
  if (result.code === 0) return;
  const missing = /Unknown encoder '[^']+'/.exec(result.stderr);
  if (missing) throw new MissingEncoder(`this ffmpeg has no such encoder (${missing[0]})`);
  throw new Error(`ffmpeg failed: ${result.stderr.trim().split('\n').at(-1) ?? `exit code ${result.code}`}`);
}

async function discardOlderRecipe(dir: string): Promise<void> {
  const version = await readFile(join(dir, '.demo-recipe'), 'utf8').catch(() => null);
  if (version === null || version === String(RECIPE_VERSION)) return;
  await rm(join(dir, 'Movies'), { recursive: true, force: true });
  await rm(join(dir, 'Shows'), { recursive: true, force: true });
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    (entry) => entry.size > 0,
    () => false,
  );
}
