import { stat } from 'node:fs/promises';
import type { Plan } from '../../shared/media/plan.ts';
import type { CallAnswer, CallParams } from '../../shared/protocol/calls.ts';
import type { Binaries } from '../ffmpeg/locate.ts';
import type { CopyLookup } from '../library/copies.ts';
import { AgentFailure } from '../link/handlers.ts';
import type { Borrowing } from './borrowing/borrowing.ts';
import { checkUnchanged, contentTypeOf, etagOf } from './files.ts';
import { type Film, ownFilm } from './film.ts';
import type { KeyframeIndex } from './keyframes/keyframes.ts';
import { type Making, type Recipe, recipesOf } from './recipes.ts';
import { buildTimeline } from './timelines.ts';

export interface OpeningOptions {
  copies: CopyLookup;
  /** Absent reads no other machine's files. */
  borrowing?: Pick<Borrowing, 'open'>;
  binaries: Binaries | null;
  keyframes: KeyframeIndex;
  making: Making;
}

type Params = CallParams<'session.open'>;

/** A file of this machine for a session. Throws an AgentFailure where it is not in the index as the edge thinks. */
export function indexedFilm({ copies }: Pick<OpeningOptions, 'copies'>, params: Params): Film {
  const copy = copies.copy(params.copy);
  if (!copy) throw new AgentFailure('content', 'not-found', 'This machine does not have the file.');
  if (copy.fingerprint !== params.fingerprint) {
    throw new AgentFailure('content', 'not-found', 'The file was replaced by another.');
  }
  return ownFilm(copy);
}

/** Another machine's file, to be encoded here. Throws an AgentFailure. */
export async function borrowedFilm(
  { borrowing }: Pick<OpeningOptions, 'borrowing'>,
  params: Params,
  signal: AbortSignal,
): Promise<Film> {
  const { source, plan } = params;
  const encoded = plan.video.length > 0 && plan.video.every(({ action }) => action === 'transcode');
  if (!borrowing || !source || !encoded) {
    throw new AgentFailure('content', 'not-playable', 'This machine reads no other machine’s files for this.');
  }
  return borrowing.open(params, source, signal);
}

/** How a session's renditions are made, and what its opening is answered with. Throws an AgentFailure. */
export async function prepared(
  options: OpeningOptions,
  film: Film,
  { plan, timelineHash, source }: Params,
  signal: AbortSignal,
): Promise<{ recipes: ReadonlyMap<string, Recipe>; answer: CallAnswer<'session.open'> }> {
  const { copy } = film;
  if (!source) await checkUnchanged(copy);
  const timeline = await buildTimeline(copy, plan, options.keyframes, signal);
  signal.throwIfAborted();
  if (timelineHash !== null && timeline?.hash !== timelineHash) {
    throw new AgentFailure('content', 'conflict', 'timeline-differs');
  }
  const { binaries, making } = options;
  if (timeline && !binaries) throw new AgentFailure('content', 'not-playable', 'This machine has no ffmpeg.');
  const editions = await editionsOf(copy, plan);
  const recipes = timeline ? recipesOf({ film, plan, timeline, making, editions }) : new Map<string, Recipe>();
  const file = { size: copy.size, contentType: contentTypeOf(copy.media), etag: etagOf(copy) };
  return { recipes, answer: { timeline, file } };
}

/** What lies beside a film may be mended while the film stays what it was: segments with the old of it are of no use. */
async function editionsOf({ externalSubtitles }: Film['copy'], { video }: Plan): Promise<Map<string, string>> {
  const editions = new Map<string, string>();
  for (const { id, burnIn } of video) {
    const beside = burnIn === undefined ? undefined : externalSubtitles.get(burnIn);
    const found = beside && (await stat(beside.path).catch(() => null));
    if (found) editions.set(id, `${found.size} ${Math.round(found.mtimeMs)}`);
  }
  return editions;
}
