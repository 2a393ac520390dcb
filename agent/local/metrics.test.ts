import { expect, test } from 'vitest';
import { metricsText } from './metrics.ts';

test('the metrics carry one sample a root, with labels that Prometheus can read', () => {
  const root = {
    id: 'r-1',
    name: 'Films',
    library: 'The "best"\nfilms',
    path: '/f',
    state: 'ok' as const,
    scanning: false,
  };
  const text = metricsText({
    ...{
      agentId: 'agt',
      name: 'box',
      edge: 'https://x',
      connected: true,
      pid: 1,
      sessions: 2,
      slots: { used: 1, total: 4 },
      lent: 3,
      version: '1.0.0',
      update: { available: null, note: null, wishes: null },
      draining: false,
    },
    roots: [{ ...root, present: 10, problems: 3 }],
  });
  expect(text).toContain('hearthcast_link_connected 1\n');
  expect(text).toContain('hearthcast_transcode_slots_used 1\n');
  expect(text).toContain('hearthcast_lent_sessions 3\n');
  expect(text).toContain('hearthcast_files{root="r-1",library="The \\"best\\"\\nfilms"} 10\n');
  expect(text).toContain('hearthcast_problems{root="r-1",library="The \\"best\\"\\nfilms"} 3\n');
  expect(text).not.toContain('/f');
});
