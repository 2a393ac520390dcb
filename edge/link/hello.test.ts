import { expect, it } from 'vitest';
import type { Hello } from './deliver.ts';
import { greet } from './hello.ts';

const hello = (changes: Partial<Hello>): Hello =>
  ({ type: 'hello', protocol: 1, minProtocol: 1, agentId: 'agt_a', generation: 10, ...changes }) as Hello;

it('[HS2] welcomes an agent with a version in common, and closes on one without', () => {
  expect(greet(hello({}), 'agt_a', [])).toEqual({ accept: true, protocol: 1 });
  expect(greet(hello({ protocol: 9, minProtocol: 9 }), 'agt_a', [])).toEqual({
    accept: false,
    reason: 'version-unsupported',
  });
});

it('[HS3] closes on a hello in the name of another agent', () => {
  expect(greet(hello({ agentId: 'agt_b' }), 'agt_a', [])).toEqual({ accept: false, reason: 'bad-frame' });
});

it('[HS5] turns an older process away, and lets the same or a newer one take over', () => {
  expect(greet(hello({}), 'agt_a', [11])).toEqual({ accept: false, reason: 'replaced' });
  expect(greet(hello({}), 'agt_a', [10])).toEqual({ accept: true, protocol: 1 });
  expect(greet(hello({}), 'agt_a', [9, 10])).toEqual({ accept: true, protocol: 1 });
});
