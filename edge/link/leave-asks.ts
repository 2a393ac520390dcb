import type { BackgroundWork, Leave } from '../../shared/protocol/background.ts';
import type { AgentFrame, EdgeFrame } from '../../shared/protocol/frames.ts';

/** Asks of one agent that are being judged at once; it does a few pieces of work. */
export const MAX_ASKS = 16;

export interface LeaveJudge {
  leave(agentId: string, work: BackgroundWork): Promise<Leave>;
  workDone(agentId: string, work: BackgroundWork): Promise<void>;
}

/** What an agent asks and says of its background work. */
export class LeaveAsks {
  readonly #judge: LeaveJudge;
  #asking = 0;

  constructor(judge: LeaveJudge) {
    this.#judge = judge;
  }

  /** Sends the answer where one is due. Rejects where the judge does, and nothing is answered: the agent asks again. */
  async hear(
    agentId: string,
    { id, work, done = false }: Extract<AgentFrame, { type: 'background' }>,
    send: (answer: Extract<EdgeFrame, { type: 'leave' }>) => void,
  ): Promise<void> {
    if (this.#asking >= MAX_ASKS) {
      if (!done) send({ type: 'leave', id, leave: { may: false, because: 'too-many' } });
      return;
    }
    this.#asking++;
    try {
      if (done) await this.#judge.workDone(agentId, work);
      else send({ type: 'leave', id, leave: await this.#judge.leave(agentId, work) });
    } finally {
      this.#asking--;
    }
  }
}
