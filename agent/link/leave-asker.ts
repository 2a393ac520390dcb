import type { BackgroundWork, Leave } from '../../shared/protocol/background.ts';
import type { AgentFrame } from '../../shared/protocol/frames.ts';

/** An edge that has not answered by then is busy with something else, or gone. */
const ANSWER_MS = 5_000;

/** What an edge says of background work, as far as it says anything. */
export type EdgeLeave =
  | Leave
  /** It is of an older release, or away: this machine goes by its own rule. */
  | 'own-rule'
  /** It did not answer in time. */
  | 'unanswered';

/** Asks the edge for leave to do background work, over the link that holds now. */
export class LeaveAsker {
  readonly #send: (frame: AgentFrame) => boolean;
  readonly #waiting = new Map<string, (leave: EdgeLeave) => void>();
  #knows = false;
  #serial = 0;

  constructor(send: (frame: AgentFrame) => boolean) {
    this.#send = send;
  }

  /** The edge has welcomed this agent. */
  linked(knowsBackground: boolean): void {
    this.#knows = knowsBackground;
  }

  /** The link is gone, and with it the answers that were due. */
  unlinked(): void {
    this.#knows = false;
    for (const answer of [...this.#waiting.values()]) answer('own-rule');
  }

  /** Leave to begin a piece of work, or to go on with it. Never rejects. */
  async ask(work: BackgroundWork): Promise<EdgeLeave> {
    if (!this.#knows) return 'own-rule';
    const id = `w_${++this.#serial}`;
    const { promise, resolve } = Promise.withResolvers<EdgeLeave>();
    const late = setTimeout(() => resolve('unanswered'), ANSWER_MS);
    this.#waiting.set(id, resolve);
    if (!this.#send({ type: 'background', id, work })) resolve('own-rule');
    try {
      return await promise;
    } finally {
      clearTimeout(late);
      this.#waiting.delete(id);
    }
  }

  /** The work is done, or was given up. */
  giveBack(work: BackgroundWork): void {
    if (this.#knows) this.#send({ type: 'background', id: `w_${++this.#serial}`, work, done: true });
  }

  answered(id: string, leave: Leave): void {
    this.#waiting.get(id)?.(leave);
  }
}
