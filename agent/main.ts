import { existsSync } from 'node:fs';
import { type AgentConfig, prepareDataDir } from './config.ts';
import { type Agent, createAgent } from './create-agent.ts';
import { enrolPatiently, identityOf } from './enrolment.ts';
import { AgentError, EXIT } from './exit-codes.ts';
import { createLog } from './log.ts';
import { openLogFile } from './log-file.ts';
import { stopSignal } from './stop-signal.ts';

/** A part of the two seconds that a supervisor gives it: viewers move to other machines, bodies arrive. */
const DRAIN_MS = 1_200;

/**
 * Runs the agent until it is told to stop. Resolves with the exit code. `reread` reads the configuration again, for
 * an agent that has a file of its own: SIGHUP is then the order to do so.
 */
export async function runAgent(config: AgentConfig, reread: () => AgentConfig): Promise<number> {
  const file = config.logFile === null ? null : openLogFile(config.logFile);
  const log = createLog({
    json: config.json,
    level: config.logLevel,
    write: (line) => {
      process.stdout.write(line);
      file?.write(line);
    },
  });
  let agentOf: () => Agent | null = () => null;
  using stop = stopSignal(config.exitWithParent, existsSync(config.file) ? () => agentOf()?.hangUp() : undefined);
  const { signal } = stop;
  try {
    prepareDataDir(config.dataDir);
    if (config.roots.length === 0) log.warn('No folders: add --root "Movies=/path/to/films" to share some.');
    const identity = identityOf(config) ?? (await enrolPatiently(config, log, signal));
    const leave = new AbortController();
    let running: Agent | null = null;
    let again = false;
    agentOf = () => running;
    const stopping = async () => {
      await running?.drain(DRAIN_MS);
      leave.abort();
    };
    signal.addEventListener('abort', () => void stopping(), { once: true });
    if (signal.aborted) leave.abort();
    const restart = () => {
      again = true;
      void stopping();
    };
    await using agent = await createAgent(config, identity, { log, signal: leave.signal, reread, restart });
    running = agent;
    const reason = await agent.ended;
    if (signal.aborted) return EXIT.ok;
    if (again) return EXIT.restart;
    throw new AgentError(...farewell(reason));
  } catch (error) {
    if (signal.aborted) return EXIT.ok;
    if (!(error instanceof AgentError)) throw error;
    log.fatal(error.message);
    return error.exitCode;
  }
}

function farewell(reason: string | null): [sentence: string, exitCode: number] {
  if (reason === 'removed') {
    return [
      'This machine was removed from the server. To bring it back, delete its data folder and enrol it with a new code.',
      EXIT['not-enrolled'],
    ];
  }
  if (reason === 'replaced') return ['Another agent with this identity has taken over.', EXIT.replaced];
  if (reason === 'version-unsupported')
    return ['The server is newer than this agent can follow: update it.', EXIT.failed];
  return [`The link to the server has ended (${reason}).`, EXIT.failed];
}
