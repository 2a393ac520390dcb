import { expect, it } from 'vitest';
import { AgentFrame, EdgeFrame } from './frames.ts';
import { AGENT_V1, EDGE_V1 } from './golden-v1.ts';

it.each(AGENT_V1)('[HS2] reads what an agent of version 1 said: %s', (message) => {
  expect(AgentFrame.parse(JSON.parse(message))).toEqual(JSON.parse(message));
});

it.each(EDGE_V1)('[HS2] reads what an edge of version 1 said: %s', (message) => {
  expect(EdgeFrame.parse(JSON.parse(message))).toEqual(JSON.parse(message));
});

it('has a recorded message of every type and every event', () => {
  const said = AGENT_V1.map((message) => AgentFrame.parse(JSON.parse(message)));
  const types = AgentFrame.options.map((option) => option.shape.type.value);
  expect(new Set(said.map((frame) => frame.type))).toEqual(new Set(types));
  const kinds = said.flatMap((frame) => (frame.type === 'event' ? [frame.event.kind] : []));
  expect(new Set(kinds)).toEqual(new Set(['scan.progress', 'session.ended', 'capacity', 'roots']));
  const asked = EDGE_V1.map((message) => EdgeFrame.parse(JSON.parse(message)));
  expect(new Set(asked.map((frame) => frame.type))).toEqual(
    new Set(EdgeFrame.options.map((option) => option.shape.type.value)),
  );
});
