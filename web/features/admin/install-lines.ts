/** How a machine is made an agent, by what it runs. */
export const SYSTEMS = ['Linux and macOS', 'Windows', 'Docker'] as const;
export type System = (typeof SYSTEMS)[number];

/** The one line to type on a machine; `origin` is this deployment's address. */
export function installLine(system: System, origin: string, code: string): string {
  switch (system) {
    case 'Linux and macOS':
      return `curl -fsSL ${origin}/install.sh | sh -s -- ${code}`;
    case 'Windows':
      return `& ([scriptblock]::Create((irm ${origin}/install.ps1))) ${code}`;
    case 'Docker':
      return `HEARTHCAST_EDGE=${origin} HEARTHCAST_CODE=${code} MEDIA=/path/to/films docker compose --file deploy/docker/agent.compose.yaml up --detach`;
  }
}

/** What to know before typing it. */
export const HINTS: Readonly<Record<System, string>> = {
  'Linux and macOS':
    'In a terminal of the machine that holds the films. It asks for the password of an administrator, brings what is missing, and can be run again.',
  Windows: 'In a PowerShell that was started as administrator. This way is new, and has been tried the least.',
  Docker: 'In a checkout of Hearthcast. docs/install.md tells of graphics cards, and of edge and agent on one machine.',
};

/** Whether an address leads nowhere but to the machine on which it is opened. */
export function isOwnMachine(origin: string): boolean {
  const { hostname } = new URL(origin);
  return hostname === '[::1]' || /^127\.|(^|\.)localhost$/.test(hostname);
}
