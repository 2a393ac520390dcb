import type { MadeResource } from '../../shared/protocol/resources.ts';
import type { IndexedCopy } from '../library/copies.ts';
import type { AgentFailure, ByteAnswer } from '../link/handlers.ts';

/** How ffmpeg is told of a film. */
export interface FilmInput {
  url: string;
  /** ffmpeg's names of the protocols that it may use for it, with commas. */
  protocols: string;
  /** For its process alone: what must not stand on a command line. */
  env: Readonly<Record<string, string>>;
}

/** What a session plays: a file of this machine, or one of another machine that is encoded here. */
export interface Film extends AsyncDisposable {
  copy: IndexedCopy;
  input: FilmInput;
  /** From the machine whose file it is, where that makes it; null where this one does. */
  made(resource: MadeResource, signal: AbortSignal): Promise<ByteAnswer> | null;
  /** Tells when the bytes cannot be read any more, before the processes that read them find an end in them. */
  onLost(tell: (failure: AgentFailure) => void): () => void;
}

export function fileInput(path: string): FilmInput {
  // The scheme keeps a name with a colon or a dash in front from being read as something else.
  return { url: `file:${path}`, protocols: 'file,pipe', env: {} };
}

export function ownFilm(copy: IndexedCopy): Film {
  const input = fileInput(copy.path);
  return { copy, input, made: () => null, onLost: () => () => {}, async [Symbol.asyncDispose]() {} };
}
