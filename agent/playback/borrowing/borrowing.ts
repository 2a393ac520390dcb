import type { CallParams } from '../../../shared/protocol/calls.ts';
import type { FilmSource } from '../../../shared/protocol/sources.ts';
import type { IndexedCopy } from '../../library/copies.ts';
import { fingerprintBy } from '../../library/probe/fingerprint.ts';
import { AgentFailure } from '../../link/handlers.ts';
import { contentTypeOf } from '../files.ts';
import { type Film, fileInput } from '../film.ts';
import type { SignRead } from '../lending/read-proofs.ts';
import { Lender } from './lender.ts';
import { Loopback } from './loopback.ts';
import { type Mapping, mappedFile } from './mapped-file.ts';

export interface BorrowingOptions {
  sign: SignRead;
  mappings: readonly Mapping[];
}

/** Films of other machines that this one encodes: as files of a folder that both have, or read over the home network. */
export class Borrowing implements AsyncDisposable {
  readonly #options: BorrowingOptions;
  readonly #loopback = new Loopback();

  constructor(options: BorrowingOptions) {
    this.#options = options;
  }

  /**
   * The film that a session is to be encoded from, after its content was found to be what is meant. Throws an
   * AgentFailure: `liveness` where the machine with the file cannot be reached, `content` where it has another file.
   */
  async open(
    { copy: { root }, fingerprint }: Pick<CallParams<'session.open'>, 'copy' | 'fingerprint'>,
    source: FilmSource,
    signal: AbortSignal,
  ): Promise<Film> {
    const lender = new Lender(source, this.#options.sign);
    const { size, media } = source;
    const copy: IndexedCopy = { path: '', size, mtimeMs: source.mtimeMs, fingerprint, media, externalSubtitles: NONE };
    const mapped = await mappedFile(this.#options.mappings, source, { root, fingerprint });
    signal.throwIfAborted();
    if (mapped) return mappedFilm({ ...copy, ...mapped }, source.addresses.length > 0 ? lender : null);

    const found = await fingerprintBy(size, (start, length) => lender.bytes(start, start + length, signal));
    // Another machine may have this address now, or the file was replaced.
    if (found !== fingerprint) throw new AgentFailure('content', 'not-found', 'Another file lies there now.');
    return this.#remoteFilm(copy, lender);
  }

  async #remoteFilm(copy: IndexedCopy, lender: Lender): Promise<Film> {
    const told = new Set<(failure: AgentFailure) => void>();
    const ended = new AbortController();
    const served = await this.#loopback.serve({
      size: copy.size,
      contentType: contentTypeOf(copy.media),
      bytes: (start, end, signal) => lender.bytes(start, end, AbortSignal.any([signal, ended.signal])),
      lost(error) {
        const failure = error instanceof AgentFailure ? error : UNREADABLE();
        for (const tell of [...told]) tell(failure);
      },
    });
    return {
      copy,
      input: served.input,
      made: (resource, signal) => lender.made(resource, AbortSignal.any([signal, ended.signal])),
      onLost(tell) {
        told.add(tell);
        return () => told.delete(tell);
      },
      async [Symbol.asyncDispose]() {
        served[Symbol.dispose]();
        ended.abort(new AgentFailure('session', 'session-ended', 'The session has ended.'));
      },
    };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#loopback[Symbol.asyncDispose]();
  }
}

/** What lies beside the film is known by the other machine's index alone. */
const NONE: IndexedCopy['externalSubtitles'] = new Map();

const UNREADABLE = () => new AgentFailure('liveness', 'agent-failed', 'The film cannot be read from its machine.');

function mappedFilm(copy: IndexedCopy, lender: Lender | null): Film {
  const external = new Set(copy.media.subtitles.flatMap((track) => (track.external ? [track.index] : [])));
  return {
    copy,
    input: fileInput(copy.path),
    // All but what lies beside the film is in the file, which this machine has.
    made: (resource, signal) =>
      lender && resource.kind === 'subtitle' && external.has(resource.stream) ? lender.made(resource, signal) : null,
    onLost: () => () => {},
    async [Symbol.asyncDispose]() {},
  };
}
