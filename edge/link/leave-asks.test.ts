import { expect, it } from 'vitest';
import type { Leave } from '../../shared/protocol/background.ts';
import type { EdgeFrame } from '../../shared/protocol/frames.ts';
import { LeaveAsks, MAX_ASKS } from './leave-asks.ts';

const work = { kind: 'previews', fingerprint: 'a'.repeat(32) };
const ask = (id: string, done = false) => ({ type: 'background', id, work, done }) as const;

/** What an agent hears, of a judge that says what it is told to when it is told to. */
function agent() {
  const said: EdgeFrame[] = [];
  const judged: PromiseWithResolvers<Leave>[] = [];
  const done: string[] = [];
  const asks = new LeaveAsks({
    leave: () => {
      const judgement = Promise.withResolvers<Leave>();
      judged.push(judgement);
      return judgement.promise;
    },
    workDone: async (agentId) => void done.push(agentId),
  });
  return {
    said,
    judged,
    done,
    hear: (id: string, isDone = false) => asks.hear('a', ask(id, isDone), (f) => said.push(f)),
  };
}

it('[BG1] answers each ask with its id, and nothing to what is given back', async () => {
  const { said, judged, done, hear } = agent();
  const first = hear('w1');
  await hear('w2', true);
  judged[0]?.resolve({ may: true, forMs: 5 });
  await first;
  expect(said).toEqual([{ type: 'leave', id: 'w1', leave: { may: true, forMs: 5 } }]);
  expect(done).toEqual(['a']);
});

it('judges so many at once and no more, and again once they are judged', async () => {
  const { said, judged, hear } = agent();
  const open = Array.from({ length: MAX_ASKS }, (_, n) => hear(`w${n}`));
  await hear('over');
  expect(said).toEqual([{ type: 'leave', id: 'over', leave: { may: false, because: 'too-many' } }]);
  judged[0]?.reject(new Error('the disk is full'));
  await expect(open[0]).rejects.toThrow('the disk is full');
  for (const judgement of judged) judgement.resolve({ may: true, forMs: 5 });
  await Promise.allSettled(open);
  expect(said).toHaveLength(MAX_ASKS);
});
