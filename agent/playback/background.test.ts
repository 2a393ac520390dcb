import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createBackground } from './background.ts';

const never = new AbortController().signal;

/** A job that runs until it is told to end, and writes down what happens to it. */
function job(name: string, said: string[]) {
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  const run = async (signal: AbortSignal) => {
    said.push(`${name} begins`);
    const aborted = new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    try {
      await Promise.race([ended, aborted]);
    } catch (error) {
      said.push(`${name} stops`);
      throw error;
    }
    said.push(`${name} ends`);
    return name;
  };
  return { run, end };
}

describe('background work', () => {
  it('is done one after another', async () => {
    await using background = createBackground(0);
    const said: string[] = [];
    const [a, b] = [job('a', said), job('b', said)];
    const both = [background.run(a.run, never), background.run(b.run, never)];
    await delay(1);
    expect(said).toEqual(['a begins']);
    a.end();
    b.end();
    expect(await Promise.all(both)).toEqual(['a', 'b']);
    expect(said).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
  });

  it('stops for a viewer, and is begun again before all others when the last one has gone', async () => {
    await using background = createBackground(0);
    const said: string[] = [];
    const [a, b] = [job('a', said), job('b', said)];
    const both = [background.run(a.run, never), background.run(b.run, never)];
    background.watched(1);
    background.watched(2);
    await delay(5);
    expect(said).toEqual(['a begins', 'a stops']);
    background.watched(1);
    await delay(5);
    expect(said).toHaveLength(2);
    background.watched(0);
    await delay(5);
    expect(said.at(-1)).toBe('a begins');
    a.end();
    b.end();
    await Promise.all(both);
  });

  it('is not begun while somebody watches, nor in the moments after', async () => {
    await using background = createBackground(20);
    const said: string[] = [];
    const a = job('a', said);
    background.watched(1);
    const done = background.run(a.run, never);
    a.end();
    background.watched(0);
    background.watched(1);
    await delay(30);
    expect(said).toEqual([]);
    background.watched(0);
    expect(await done).toBe('a');
  });

  it('leaves the line when its owner gives it up, and a failure is its own', async () => {
    await using background = createBackground(0);
    const said: string[] = [];
    const a = job('a', said);
    const first = background.run(a.run, never);
    const owner = new AbortController();
    const second = background.run(job('b', said).run, owner.signal);
    const third = background.run(async () => {
      throw new Error('no disk');
    }, never);
    owner.abort(new Error('not wanted any more'));
    await expect(second).rejects.toThrow('not wanted any more');
    a.end();
    await first;
    await expect(third).rejects.toThrow('no disk');
    expect(said).toEqual(['a begins', 'a ends']);
  });

  it('ends with the agent', async () => {
    const background = createBackground(0);
    const said: string[] = [];
    const both = Promise.allSettled([job('a', said), job('b', said)].map(({ run }) => background.run(run, never)));
    await background[Symbol.asyncDispose]();
    expect((await both).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(said).toEqual(['a begins', 'a stops']);
  });
});
