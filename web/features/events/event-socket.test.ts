import { describe, expect, it } from 'vitest';
import { parseEvent, reconnectDelay } from './event-socket.ts';

describe('the way back to the events', () => {
  it('grows longer with every failure, up to half a minute', () => {
    expect([0, 1, 2, 10].map((attempt) => reconnectDelay(attempt, 1))).toEqual([1500, 2500, 4500, 30_500]);
  });

  it('is never immediate', () => {
    expect(reconnectDelay(0, 0)).toBe(500);
  });
});

describe('an event', () => {
  it('of a known topic is parsed', () => {
    expect(parseEvent('{"topic":"agent.presence","agentId":"a","online":true}')).toEqual({
      topic: 'agent.presence',
      agentId: 'a',
      online: true,
    });
  });

  it('that this version does not know is passed over', () => {
    expect(parseEvent('{"topic":"from.the.future"}')).toBeNull();
    expect(parseEvent('no json')).toBeNull();
    expect(parseEvent(new ArrayBuffer(1))).toBeNull();
  });
});
