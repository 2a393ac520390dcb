import { expect, it } from 'vitest';
import { CALLS } from './calls.ts';
import { AgentFrame, EdgeFrame } from './frames.ts';
import { AGENT_LATER, AGENT_V1, EDGE_LATER, EDGE_V1 } from './golden-v1.ts';

it.each(AGENT_V1)('[HS2] reads what an agent of version 1 said: %s', (message) => {
  expect(AgentFrame.parse(JSON.parse(message))).toEqual(JSON.parse(message));
});

it.each(EDGE_V1)('[HS2] reads what an edge of version 1 said: %s', (message) => {
  expect(EdgeFrame.parse(JSON.parse(message))).toEqual(JSON.parse(message));
});

it.each(AGENT_LATER)('[BG1] [HS9] reads what a later agent says: %s', (message) => {
  expect(AgentFrame.parse(JSON.parse(message))).toEqual(JSON.parse(message));
});

it.each(EDGE_LATER)('[BG1] reads what a later edge says: %s', (message) => {
  const frame = EdgeFrame.parse(JSON.parse(message));
  expect(frame).toEqual(JSON.parse(message));
  if (frame.type === 'call') expect(CALLS['background.stop'].params.parse(frame.params)).toEqual(frame.params);
});

it('has a recorded message of every type and every event', () => {
  const said = [...AGENT_V1, ...AGENT_LATER].map((message) => AgentFrame.parse(JSON.parse(message)));
  const types = AgentFrame.options.map((option) => option.shape.type.value);
  expect(new Set(said.map((frame) => frame.type))).toEqual(new Set(types));
  const kinds = said.flatMap((frame) => (frame.type === 'event' ? [frame.event.kind] : []));
  expect(new Set(kinds)).toEqual(new Set(['scan.progress', 'session.ended', 'capacity', 'roots']));
  const asked = [...EDGE_V1, ...EDGE_LATER].map((message) => EdgeFrame.parse(JSON.parse(message)));
  expect(new Set(asked.map((frame) => frame.type))).toEqual(
    new Set(EdgeFrame.options.map((option) => option.shape.type.value)),
  );
});
