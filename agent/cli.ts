#!/usr/bin/env -S node --max-semi-space-size=4
import { Command, CommanderError } from 'commander';
import { doctorCommand, enrollCommand, scanCommand, statusCommand } from './commands.ts';
import { type AgentConfig, type Flags, readConfig } from './config.ts';
import { drainCommand } from './drain-command.ts';
import { AgentError, EXIT } from './exit-codes.ts';
import { AGENT_VERSION } from './link/version.ts';
import { runAgent } from './main.ts';

const program = new Command('hearthcast-agent')
  .description('Shares films of this machine with a Hearthcast server.')
  .version(AGENT_VERSION)
  .showHelpAfterError('(add --help for the options)')
  .exitOverride()
  .addHelpText(
    'after',
    `
Every option can be given in the environment: HEARTHCAST_EDGE, HEARTHCAST_DATA, HEARTHCAST_ROOTS (one a line),
HEARTHCAST_CODE, HEARTHCAST_NAME, HEARTHCAST_PORT, HEARTHCAST_RESCAN_MINUTES, HEARTHCAST_CACHE_GB, HEARTHCAST_UPLINK_LIMIT,
HEARTHCAST_LOG_LEVEL.
Exit codes: 0 done, 1 failed, 2 wrong options, 3 not enrolled or removed, 4 another agent runs.`,
  );

type ScanFlags = Flags & { acceptDeletions?: boolean; full?: boolean; undo?: boolean; wait?: boolean };

function command(
  name: string,
  description: string,
  work: (config: AgentConfig, flags: ScanFlags) => Promise<number>,
): Command {
  return program
    .command(name)
    .description(description)
    .option('--data <dir>', 'where the agent keeps its identity, index and cache')
    .option('--json', 'output for programs')
    .action(async (flags: ScanFlags) => {
      process.exitCode = await work(readConfig(flags), flags);
    });
}

const ROOT = ['--root <library=path>', 'a folder to share; may be given several times', collect] as const;
const EDGE = ['--edge <url>', 'address of the server'] as const;
const NAME = ['--name <name>', 'what people call this machine (default: its host name)'] as const;

command('enroll', 'make this machine known to a server', (config) => enrollCommand(config))
  .alias('enrol')
  .option(...EDGE)
  .option('--code <code>', 'the one-time code that the server shows')
  .option(...NAME);

command('run', 'share the folders until stopped', (config) => runAgent(config))
  .option(...EDGE)
  .option(...ROOT)
  .option('--code <code>', 'enrol first, if this machine is not yet')
  .option(...NAME)
  .option('--port <port>', 'serve /health and /metrics on 127.0.0.1')
  .option('--cache-gb <number>', 'space for segments that were made (default: 4)')
  .option('--uplink-limit <mbits>', 'Mbit/s that all viewers together may take (default: no limit)')
  .option('--rescan-minutes <number>', 'how often everything is looked at again, 5 to 120 (default: 60)')
  .option('--follow-links', 'serve also what links in the folders point to elsewhere')
  .option('--exit-with-parent', 'stop when stdin ends or the parent process is gone')
  .option('--log-level <level>', 'fatal, error, warn, info, debug or trace (default: info)');

command('scan', 'look for new, changed and missing files now', (config, flags) =>
  scanCommand(config, { acceptDeletions: flags.acceptDeletions ?? false, full: flags.full ?? false }),
)
  .option(...ROOT)
  .option('--follow-links', 'see run')
  .option('--accept-deletions', 'forget missing files, however many')
  .option('--full', 'look into every folder, also those that seem unchanged');

command(
  'drain',
  'take nothing new, hand viewers over to other machines, and say when the last has gone',
  (config, flags) => drainCommand(config, { undo: flags.undo ?? false, wait: flags.wait ?? true }),
)
  .option('--undo', 'take viewers again')
  .option('--no-wait', 'only begin');

command('status', 'what the running agent does', (config) => statusCommand(config));

command('doctor', 'check everything that the agent needs', (config) => doctorCommand(config))
  .option(...EDGE)
  .option(...ROOT);

function collect(value: string, previous: string[] = []): string[] {
  return [...previous, value];
}

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  else if (error instanceof AgentError) {
    process.stderr.write(`hearthcast-agent: ${error.message}\n`);
    process.exitCode = error.exitCode;
  } else throw error;
}
process.exit();
