import { expect, it } from 'vitest';
import { exposition } from './exposition.ts';
import { LinkCounters } from './metrics.ts';

function counted() {
  const counters = new LinkCounters();
  counters.streamsStarted = 3;
  counters.bytesRelayed = 12_000;
  counters.aborts.stalled = 2;
  counters.sawFirstByte(0.02);
  counters.sawFirstByte(60);
  return counters.snapshot({ sockets: 1, streams: 1, calls: 0 });
}

it('tells every counter of every machine with its type', () => {
  const text = exposition([{ name: 'attic', site: 'Home', metrics: counted() }]);
  const labels = 'agent="attic",site="Home"';
  for (const line of [
    '# TYPE hearthcast_link_bytes_total counter',
    `hearthcast_link_bytes_total{${labels}} 12000`,
    `hearthcast_link_aborts_total{${labels},reason="stalled"} 2`,
    `hearthcast_link_first_byte_seconds_bucket{${labels},le="0.03"} 1`,
    `hearthcast_link_first_byte_seconds_bucket{${labels},le="+Inf"} 2`,
    `hearthcast_link_first_byte_seconds_sum{${labels}} 60.02`,
    `hearthcast_link_first_byte_seconds_count{${labels}} 2`,
  ]) {
    expect(text.split('\n')).toContain(line);
  }
  expect(text, 'a line that is not known has no figure').not.toContain('uplink_bytes_per_second{');
});

it('escapes what people typed, and leaves out a machine that could not be asked', () => {
  const text = exposition([
    { name: 'a "b"\\\n', site: 'Home', metrics: counted() },
    { name: 'gone', site: 'Home', metrics: null },
  ]);
  expect(text).toContain('hearthcast_link_up{agent="a \\"b\\"\\\\\\n",site="Home"} 1\n');
  expect(text).not.toContain('gone');
});
