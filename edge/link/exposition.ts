import type { LinkMetrics } from './metrics.ts';

/** A machine and what its link has counted; null where its object could not be asked. */
export interface MachineMetrics {
  name: string;
  site: string;
  metrics: LinkMetrics | null;
}

type Sample = readonly [labels: Record<string, string>, value: number];

/** What all links have counted, in the text format that Prometheus reads. */
export function exposition(machines: readonly MachineMetrics[]): string {
  const asked = machines.flatMap(({ name, site, metrics }) =>
    metrics ? [{ labels: { agent: name, site }, metrics }] : [],
  );
  const each = (value: (metrics: LinkMetrics) => number | null): Sample[] =>
    asked.flatMap(({ labels, metrics }) => {
      const number = value(metrics);
      return number === null ? [] : [[labels, number] as const];
    });
  return [
    family(
      'hearthcast_link_up',
      'gauge',
      'Whether the machine is connected.',
      each(({ socketsOpen }) => +(socketsOpen > 0)),
    ),
    family(
      'hearthcast_link_sockets',
      'gauge',
      'Control sockets that said hello.',
      each((m) => m.socketsOpen),
    ),
    family(
      'hearthcast_link_streams',
      'gauge',
      'Bodies under way.',
      each((m) => m.streamsOpen),
    ),
    family(
      'hearthcast_link_calls',
      'gauge',
      'Calls without an answer yet.',
      each((m) => m.callsOpen),
    ),
    family(
      'hearthcast_link_streams_total',
      'counter',
      'Bodies asked for.',
      each((m) => m.streamsStarted),
    ),
    family(
      'hearthcast_link_streams_completed_total',
      'counter',
      'Bodies that arrived whole.',
      each((m) => m.streamsCompleted),
    ),
    family(
      'hearthcast_link_bytes_total',
      'counter',
      'Bytes relayed to viewers.',
      each((m) => m.bytesRelayed),
    ),
    family(
      'hearthcast_link_direct_bytes_total',
      'counter',
      'Bytes that the machine sent to viewers itself, past the edge.',
      each((m) => m.bytesDirect),
    ),
    family(
      'hearthcast_link_refusals_total',
      'counter',
      'Refusals by the machine itself.',
      each((m) => m.agentFailures),
    ),
    family(
      'hearthcast_link_aborts_total',
      'counter',
      'Bodies that the edge ended, by its reason.',
      asked.flatMap(({ labels, metrics }) =>
        Object.entries(metrics.aborts).map(([reason, count]) => [{ ...labels, reason }, count] as const),
      ),
    ),
    family(
      'hearthcast_link_uplink_bytes_per_second',
      'gauge',
      'What the line carries, as far as is known.',
      each((m) => m.uplink),
    ),
    firstByte(asked),
  ].join('');
}

function firstByte(asked: readonly { labels: Record<string, string>; metrics: LinkMetrics }[]): string {
  const name = 'hearthcast_link_first_byte_seconds';
  const lines = asked.flatMap(({ labels, metrics }) => {
    let upTo = 0;
    const buckets = metrics.firstByte.buckets.map(({ boundS, count }) => {
      upTo += count;
      return line(`${name}_bucket`, { ...labels, le: boundS === null ? '+Inf' : String(boundS) }, upTo);
    });
    return [...buckets, line(`${name}_sum`, labels, metrics.firstByte.sumS), line(`${name}_count`, labels, upTo)];
  });
  return `${head(name, 'histogram', 'From a request to its first byte.')}${lines.join('')}`;
}

function family(name: string, type: 'gauge' | 'counter', help: string, samples: readonly Sample[]): string {
  return head(name, type, help) + samples.map(([labels, value]) => line(name, labels, value)).join('');
}

function head(name: string, type: string, help: string): string {
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`;
}

function line(name: string, labels: Record<string, string>, value: number): string {
  const pairs = Object.entries(labels).map(([key, text]) => `${key}="${escaped(text)}"`);
  return `${name}{${pairs.join(',')}} ${value}\n`;
}

/** Names are what an owner typed. */
function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
