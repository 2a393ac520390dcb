import { env } from 'cloudflare:workers';
import { expect, it } from 'vitest';
import { saveProgress, userDataOf } from '../../edge/db/user-items.ts';
import { agentWith, count, episode, file, gone, hex, itemOf, movie, NOW } from './catalog-world.ts';

it.each([
  ['renamed', [gone('mtrx.mkv'), 'new'], []],
  ['first seen under the new name, then missed under the old', ['new'], [gone('mtrx.mkv')]],
  ['gone for a while, and back under another name', [gone('mtrx.mkv')], ['new']],
] as const)('keeps what people did with a film that is %s', async (how, first, then) => {
  const agent = await agentWith({ films: how });
  const fingerprint = await hex(how);
  const old = file('mtrx.mkv', movie(`mtrx ${how}`), { fingerprint });
  const renamed = file('The Matrix (1999).mkv', movie(`The Matrix ${how}`, 1999), { fingerprint });
  const say = (said: readonly (typeof old | 'new')[]) => agent.say(said.map((one) => (one === 'new' ? renamed : one)));
  await agent.say([old]);
  const before = await itemOf(`mtrx ${how}`);
  await saveProgress(env, 7, before.id, 600_000, 5_400_000, NOW);
  await say(first);
  if (then.length > 0) await say(then);
  const { id } = await itemOf(`The Matrix ${how}`);
  expect(id).not.toBe(before.id);
  expect((await userDataOf(env, 7, [id])).get(id)?.positionMs).toBe(600_000);
  // Once more, and then back to its first name, which is still its own.
  const third = file('m.mkv', movie(`M ${how}`), { fingerprint });
  await agent.say([third, gone('The Matrix (1999).mkv')]);
  const again = await itemOf(`M ${how}`);
  expect((await userDataOf(env, 7, [again.id])).get(again.id)?.positionMs).toBe(600_000);
  await agent.say([gone('m.mkv'), old]);
  expect(await itemOf(`mtrx ${how}`)).toMatchObject({ id: before.id, deleted_at: null });
  expect((await userDataOf(env, 7, [before.id])).get(before.id)?.positionMs).toBe(600_000);
  expect(await count(`item_alias WHERE item_id = ${before.id}`)).toBe(0);
});

it('keeps what people saw of a series whose folder has got another name', async () => {
  const agent = await agentWith({ shows: 'Folders' });
  const named = async (series: string, folder: string) =>
    Promise.all(
      [1, 2].map(async (n) =>
        file(`${folder}/${n}.mkv`, episode(series, 1, n, `${series} ${n}`), { fingerprint: await hex(`folder ${n}`) }),
      ),
    );
  await agent.say(await named('Lst', 'lst'));
  await saveProgress(env, 7, (await itemOf('Lst 2')).id, 600_000, 5_400_000, NOW);
  await agent.say([gone('lst/1.mkv'), gone('lst/2.mkv'), ...(await named('Lost again', 'Lost'))]);
  const second = await itemOf('Lost again 2');
  expect((await userDataOf(env, 7, [second.id])).get(second.id)?.positionMs).toBe(600_000);
});

it('leaves two films of one content what they are while both are there', async () => {
  const agent = await agentWith({ films: 'Twins' });
  const fingerprint = await hex('twins');
  await agent.say([file('a.mkv', movie('Twin A'), { fingerprint }), file('b.mkv', movie('Twin B'), { fingerprint })]);
  expect(await count(`item WHERE title LIKE 'Twin _' AND deleted_at IS NULL`)).toBe(2);
  const other = await agentWith({ films: 'Elsewhere' });
  await other.say([file('c.mkv', movie('Twin C'), { fingerprint })]);
  await other.say([gone('c.mkv')]);
  expect(await count(`item_alias WHERE item_id = ${(await itemOf('Twin C')).id}`)).toBe(0);
});
