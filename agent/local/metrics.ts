import type { AgentStatus } from './status.ts';

/** The status in Prometheus's text format. */
export function metricsText(status: AgentStatus): string {
  const lines: string[] = [];
  const gauge = (name: string, help: string, samples: [labels: Record<string, string>, value: number][]) => {
    lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} gauge`);
    for (const [labels, value] of samples) lines.push(`${name}${labelled(labels)} ${value}`);
  };
  gauge('hearthcast_link_connected', 'Whether the edge is connected.', [[{}, status.connected ? 1 : 0]]);
  gauge('hearthcast_sessions', 'Sessions that are open.', [[{}, status.sessions]]);
  gauge('hearthcast_lent_sessions', 'Sessions on other machines that read files of this one.', [[{}, status.lent]]);
  gauge('hearthcast_transcode_slots_used', 'Sessions that run ffmpeg.', [[{}, status.slots.used]]);
  gauge('hearthcast_transcode_slots', 'Sessions that may run ffmpeg at once.', [[{}, status.slots.total]]);
  const byRoot = (value: (root: AgentStatus['roots'][number]) => number): [Record<string, string>, number][] =>
    status.roots.map((root) => [{ root: root.id, library: root.library }, value(root)]);
  gauge(
    'hearthcast_files',
    'Media files in the index.',
    byRoot((root) => root.present),
  );
  gauge(
    'hearthcast_problems',
    'Files that cannot be served.',
    byRoot((root) => root.problems),
  );
  gauge(
    'hearthcast_root_up',
    'Whether the folder can be read.',
    byRoot((root) => (root.state === 'ok' ? 1 : 0)),
  );
  gauge('process_resident_memory_bytes', 'Resident memory.', [[{}, process.memoryUsage.rss()]]);
  gauge('process_uptime_seconds', 'Seconds since the start.', [[{}, Math.round(process.uptime())]]);
  return `${lines.join('\n')}\n`;
}

function labelled(labels: Record<string, string>): string {
  const escaped = (text: string) => text.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n');
  const pairs = Object.entries(labels).map(([key, value]) => `${key}="${escaped(value)}"`);
  return pairs.length > 0 ? `{${pairs.join(',')}}` : '';
}
