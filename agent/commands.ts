import { setTimeout as sleep } from 'node:timers/promises';
import { type AgentConfig, prepareDataDir } from './config.ts';
import { examine } from './doctor.ts';
import { enrolMachine, identityOf } from './enrolment.ts';
import { AgentError, EXIT } from './exit-codes.ts';
import { locateFfmpeg } from './ffmpeg/locate.ts';
import { openLibrary } from './library/library.ts';
import type { ScanOptions } from './library/scan-order.ts';
import { askAgent } from './local/control.ts';
import { AgentStatus } from './local/status.ts';
import { createLog } from './log.ts';
import { stopSignal } from './stop-signal.ts';
import { installationOf } from './update/installation.ts';

const POLL_MS = 300;

type Say = (text: string) => void;
const say: Say = (text) => void process.stdout.write(`${text}\n`);

/** `enroll`: trades a one-time code for an identity. */
export async function enrollCommand(config: AgentConfig): Promise<number> {
  prepareDataDir(config.dataDir);
  const existing = identityOf(config);
  if (existing) {
    throw new AgentError(
      `This machine is enrolled already, as ${existing.agentId} at ${existing.edge}. Choose another folder with --data to enrol it a second time.`,
    );
  }
  const identity = await enrolMachine(config);
  const { agentId, siteName, edge } = identity;
  if (config.json) say(JSON.stringify({ agentId, siteName, edge }));
  else if (installationOf().kind === 'installed') say(`Enrolled as "${config.name}" at ${siteName}.`);
  else
    say(
      `Enrolled as "${config.name}" at ${siteName}. Now run: hearthcast-agent run --data ${config.dataDir} --root "Movies=/path/to/films"`,
    );
  return EXIT.ok;
}

/** `scan`: by the agent that runs on this data folder, else in this process. */
export async function scanCommand(config: AgentConfig, options: ScanOptions): Promise<number> {
  prepareDataDir(config.dataDir);
  const asked = await askAgent(config.dataDir, 'POST', '/scan', options);
  const roots = asked ? await watchScan(config.dataDir) : await scanHere(config, options);
  if (config.json) say(JSON.stringify({ roots }));
  else for (const root of roots) say(`${root.path}: ${root.present} files, ${root.problems} problems (${root.state})`);
  return roots.every((root) => root.state === 'ok') ? EXIT.ok : EXIT.failed;
}

async function watchScan(dataDir: string): Promise<AgentStatus['roots']> {
  for (;;) {
    const status = AgentStatus.safeParse(await askAgent(dataDir, 'GET', '/status'));
    if (!status.success) throw new AgentError('The agent stopped during the scan.');
    if (!status.data.roots.some((root) => root.scanning)) return status.data.roots;
    await sleep(POLL_MS);
  }
}

async function scanHere(config: AgentConfig, options: ScanOptions): Promise<AgentStatus['roots']> {
  const binaries = await locateFfmpeg();
  if (!binaries)
    throw new AgentError(
      'ffmpeg and ffprobe were not found: install ffmpeg, or set HEARTHCAST_FFMPEG and HEARTHCAST_FFPROBE.',
    );
  if (config.roots.length === 0) throw new AgentError('No folders: add --root "Movies=/path/to/films".', EXIT.usage);
  const log = createLog({ json: config.json, level: 'warn', write: (line) => void process.stderr.write(line) });
  using stop = stopSignal(false);
  await using library = await openLibrary({
    ...{ roots: config.roots, dataDir: config.dataDir, binaries, log, signal: stop.signal },
    onEvent() {},
    watch: false,
  });
  library.scan(null, options);
  await library.idle();
  return library.status();
}

/** `status`: what the running agent says of itself. */
export async function statusCommand(config: AgentConfig): Promise<number> {
  const status = AgentStatus.safeParse(await askAgent(config.dataDir, 'GET', '/status'));
  if (!status.success) {
    const identity = identityOf(config);
    if (config.json) say(JSON.stringify({ running: false, agentId: identity?.agentId ?? null }));
    else
      say(
        identity ? `Not running. Enrolled as ${identity.agentId} at ${identity.edge}.` : 'Not running, not enrolled.',
      );
    return EXIT.failed;
  }
  const { name, agentId, edge, connected, pid, sessions, slots, draining, roots } = status.data;
  if (config.json) {
    say(JSON.stringify({ running: true, ...status.data }));
    return EXIT.ok;
  }
  const { version, update } = status.data;
  say(`${name} (${agentId}), version ${version}, process ${pid}${draining ? ', draining' : ''}`);
  if (update.available)
    say(`Version ${update.available} is offered. ${update.note ?? '"hearthcast-agent update" takes it.'}`);
  say(
    `${connected ? 'Connected to' : 'Not connected to'} ${edge}; ${sessions} sessions, ${slots.used} of ${slots.total} transcoding`,
  );
  for (const root of roots) {
    say(
      `${root.library} (${root.id}): ${root.path}, ${root.present} files, ${root.problems} problems (${root.state}${root.scanning ? ', scanning' : ''})${WATCH[root.watch ?? 'ok']}`,
    );
  }
  return EXIT.ok;
}

/** `doctor`: everything that an agent needs, and what to do where it is missing. */
export async function doctorCommand(config: AgentConfig): Promise<number> {
  const findings = await examine(config);
  if (config.json) say(JSON.stringify({ findings }));
  else {
    for (const { about, verdict, said, advice } of findings) {
      say(`${MARKS[verdict]} ${about}: ${said}${advice ? `\n    ${advice}` : ''}`);
    }
  }
  return findings.some(({ verdict }) => verdict === 'failed') ? EXIT.failed : EXIT.ok;
}

/** What the owner should know of how changes are seen. */
const WATCH = {
  ok: '',
  polling: '; not all changes are seen at once (a network share, or too many folders): the periodic scan finds them',
  failed: '; changes cannot be watched here: the periodic scan finds them',
} as const;

const MARKS = { ok: '✓', warning: '!', failed: '✗' } as const;
