import type { SessionDeps } from './session-deps.ts';
import type { SessionRecord } from './session-record.ts';

interface Options {
  deps: Pick<SessionDeps, 'now' | 'saveProgress'>;
  /** The session as it is at the moment of asking. */
  record(): SessionRecord | null;
  write(record: SessionRecord): void;
}

/** Brings a session's position to the database, behind its viewer's back. What it does not take is kept for later. */
export class ProgressSaver {
  readonly #options: Options;
  #saving: Promise<void> = Promise.resolve();
  #bookmark: string | null = null;

  constructor(options: Options) {
    this.#options = options;
  }

  /** How new the database has to be for what was saved last to be in it; null where nothing was since the object woke. */
  get bookmark(): string | null {
    return this.#bookmark;
  }

  /** One after the other, so that an older position never overtakes a newer one on its way. Never rejects. */
  save(): Promise<void> {
    this.#saving = this.#saving.then(() => this.#saveNow()).catch((error) => console.error('progress', String(error)));
    return this.#saving;
  }

  async #saveNow(): Promise<void> {
    const { deps, record, write } = this.#options;
    const before = record();
    if (!before?.unsaved) return;
    const { userId, itemId, positionMs, durationMs } = before;
    let saved = true;
    try {
      this.#bookmark = await deps.saveProgress(userId, itemId, positionMs, durationMs, deps.now());
    } catch (error) {
      saved = false;
      console.error('progress not saved, kept for later', String(error));
    }
    const after = record();
    if (after) write({ ...after, savedAt: deps.now(), unsaved: !saved || after.positionMs !== positionMs });
  }
}
