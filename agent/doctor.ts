import { statfs } from 'node:fs/promises';
import { z } from 'zod';
import type { AgentConfig } from './config.ts';
import { prepareDataDir } from './config.ts';
import { directFindings } from './direct/direct-findings.ts';
import { versionFindings } from './doctor-upkeep.ts';
import { identityOf } from './enrolment.ts';
import { detectMachine } from './ffmpeg/capabilities.ts';
import { hardwareReport } from './ffmpeg/hardware-report.ts';
import { locateFfmpeg } from './ffmpeg/locate.ts';
import { machineFacts } from './ffmpeg/machine-facts.ts';
import { isFastEnough, measuredSpeed } from './ffmpeg/software-speed.ts';
import { type Finding, failed, ok, warning } from './finding.ts';
import { lookAt, sentenceOf } from './library/root-state.ts';
import { mappingFindings } from './playback/borrowing/mapping-findings.ts';

const OLDEST_NODE = 24;
const EDGE_TIMEOUT_MS = 10_000;
const MAX_CLOCK_SKEW_S = 120;
const ServerTime = z.object({ now: z.number() });
const LOW_SPACE_BYTES = 2 * 1024 ** 3;

/** Looks at everything that an agent needs, one finding each. Never rejects. */
export async function examine(config: AgentConfig): Promise<Finding[]> {
  const identity = attempt(() => identityOf(config));
  const edge = config.edge ?? (identity instanceof Error ? null : (identity?.edge ?? null));
  const parts = await Promise.all([
    nodeFinding(),
    ffmpegFindings(config),
    dataFinding(config.dataDir),
    enrolmentFinding(identity),
    rootFindings(config),
    edgeFindings(edge),
    versionFindings(config, edge),
    directFindings(config.direct),
    mappingFindings(config.mappings),
    spaceFinding(config.dataDir),
  ]);
  return parts.flat();
}

function nodeFinding(): Finding {
  const major = Number(process.versions.node.split('.')[0]);
  if (major >= OLDEST_NODE) return ok('node', `Node ${process.versions.node}`);
  return failed('node', `Node ${process.versions.node} is too old`, `Install Node ${OLDEST_NODE} or newer.`);
}

/** What the owner allowed beside H.264, and whether this processor is fast enough for it. */
async function speedFindings(ffmpeg: string, { softwareCodecs }: AgentConfig): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const codec of softwareCodecs) {
    const speed = await measuredSpeed(ffmpeg, codec, new AbortController().signal);
    const said = `${speed} times as fast as it is watched, in 1080p`;
    const slow = `Too slow for films: it is not used. Leave it out of software_codecs, or ignore this.`;
    findings.push(isFastEnough(speed) ? ok(`${codec} encoding`, said) : warning(`${codec} encoding`, said, slow));
  }
  return findings;
}

async function ffmpegFindings(config: AgentConfig): Promise<Finding[]> {
  const binaries = await locateFfmpeg();
  if (!binaries) {
    const advice = 'Install ffmpeg, or set HEARTHCAST_FFMPEG and HEARTHCAST_FFPROBE to their paths.';
    return [failed('ffmpeg', 'ffmpeg and ffprobe were not found', advice)];
  }
  const [machine, facts] = await Promise.all([detectMachine(binaries), machineFacts()]);
  const { ffmpeg, videoEncoders, transcodeSlots } = machine.capabilities;
  if (!ffmpeg) return [failed('ffmpeg', `${binaries.ffmpeg} does not run`, 'Reinstall ffmpeg.')];
  const said = `ffmpeg ${ffmpeg}, ${videoEncoders.join(', ')}, ${transcodeSlots} at once`;
  const none = warning('ffmpeg', `ffmpeg ${ffmpeg} has no encoder that works`, 'Install a build with libx264.');
  const speeds = await speedFindings(binaries.ffmpeg, config);
  return [videoEncoders.length === 0 ? none : ok('ffmpeg', said), ...speeds, ...hardwareReport(machine, facts)];
}

function dataFinding(dataDir: string): Finding {
  const result = attempt(() => prepareDataDir(dataDir));
  if (result instanceof Error) return failed('data', result.message, 'Choose another folder with --data.');
  return ok('data', dataDir);
}

function enrolmentFinding(identity: ReturnType<typeof identityOf> | Error): Finding {
  if (identity instanceof Error) return failed('enrolment', identity.message, 'Enrol this machine again.');
  if (!identity)
    return failed('enrolment', 'This machine is not enrolled', 'Run "hearthcast-agent enroll --edge … --code …".');
  return ok('enrolment', `${identity.agentId} at ${identity.edge}`);
}

async function rootFindings({ roots }: AgentConfig): Promise<Finding[]> {
  if (roots.length === 0)
    return [
      warning(
        'folders',
        'No folders are shared',
        'Choose some in the web app, or: hearthcast-agent roots add "Movies=/path/to/films"',
      ),
    ];
  return await Promise.all(
    roots.map(async ({ path, library }) => {
      const { state, empty } = await lookAt(path);
      if (state !== 'ok')
        return failed(
          `folder ${path}`,
          sentenceOf(state, path),
          'Mount it, let the agent’s user read it, or take it out: hearthcast-agent roots remove.',
        );
      if (empty) return warning(`folder ${path}`, 'It is empty', 'Is its disk mounted?');
      return ok(`folder ${path}`, `goes to the library "${library}"`);
    }),
  );
}

async function edgeFindings(edge: string | null): Promise<Finding[]> {
  if (!edge) return [failed('server', 'No server is known', 'Add --edge https://your-server.example.')];
  const askedAt = performance.now();
  try {
    const response = await fetch(new URL('/health/live', edge), { signal: AbortSignal.timeout(EDGE_TIMEOUT_MS) });
    await response.body?.cancel();
    if (!response.ok)
      return [failed('server', `${edge} answered ${response.status}`, 'Is this the address of a Hearthcast server?')];
    const time = await timeOf(edge, response);
    const findings = [ok('server', `${edge} answers in ${Math.round(performance.now() - askedAt)} ms`)];
    if (time !== null) findings.push(clockFinding(Math.round((Date.now() - time) / 1000)));
    return findings;
  } catch {
    return [
      failed(
        'server',
        `${edge} does not answer`,
        'Check the address, the network and a firewall; the agent keeps trying by itself.',
      ),
    ];
  }
}

/** The server's time, in ms since 1970; null where it says none. One on a single machine sends no Date. */
async function timeOf(edge: string, response: Response): Promise<number | null> {
  const date = Date.parse(response.headers.get('date') ?? '');
  if (Number.isFinite(date)) return date;
  const answer = await fetch(new URL('/api/v1/server', edge), { signal: AbortSignal.timeout(EDGE_TIMEOUT_MS) });
  return ServerTime.safeParse(await answer.json().catch(() => null)).data?.now ?? null;
}

function clockFinding(skewS: number): Finding {
  if (Math.abs(skewS) <= MAX_CLOCK_SKEW_S) return ok('clock', 'agrees with the server');
  const said = `${Math.abs(skewS)} s ${skewS > 0 ? 'ahead of' : 'behind'} the server`;
  return warning('clock', said, 'Turn on the synchronisation of time (NTP). Playing works regardless.');
}

async function spaceFinding(dataDir: string): Promise<Finding> {
  try {
    const { bavail, bsize } = await statfs(dataDir);
    const free = bavail * bsize;
    const said = `${(free / 1024 ** 3).toFixed(1)} GB free`;
    return free >= LOW_SPACE_BYTES
      ? ok('space', said)
      : warning('space', said, 'Make room, or choose another folder with --data.');
  } catch {
    return warning('space', 'The free space is not known', 'Check the data folder.');
  }
}

function attempt<T>(work: () => T): T | Error {
  try {
    return work();
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
