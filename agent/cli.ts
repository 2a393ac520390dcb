#!/usr/bin/env -S node --max-semi-space-size=4 --optimize-for-size
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { reloadConfig, showConfig } from './commands/config.ts';
import { showLogs } from './commands/logs.ts';
import { addRoot, listRoots, removeRoot } from './commands/roots.ts';
import { uninstallCommand } from './commands/uninstall.ts';
import { rollbackCommand, updateCommand } from './commands/update.ts';
import { doctorCommand, enrollCommand, scanCommand, statusCommand } from './commands.ts';
import { type AgentConfig, type Flags, readConfig } from './config.ts';
import { drainCommand } from './drain-command.ts';
import { AgentError, EXIT } from './exit-codes.ts';
import { AGENT_VERSION } from './link/version.ts';
import { runAgent } from './main.ts';
import { stopSignal } from './stop-signal.ts';

const program = new Command('hearthcast-agent')
  .description('Shares films of this machine with a Hearthcast server.')
  .version(AGENT_VERSION)
  .showHelpAfterError('(add --help for the options)')
  .exitOverride()
  .addHelpText(
    'after',
    `
Every option can be given in the environment (HEARTHCAST_EDGE, HEARTHCAST_ROOTS with one folder a line, HEARTHCAST_CODE,
and so on) or in a TOML file; a flag is stronger than the environment, the environment stronger than the file.
"hearthcast-agent config" shows what holds and where it came from.
Exit codes: 0 done, 1 failed, 2 wrong options, 3 not enrolled or removed, 4 another agent runs,
75 (run only) start it again.`,
  );

type ScanFlags = Flags & { acceptDeletions?: boolean; full?: boolean };
type More = ScanFlags & {
  lines?: number;
  follow?: boolean;
  check?: boolean;
  allowDowngrade?: boolean;
  keepData?: boolean;
  keepConfig?: boolean;
  yes?: boolean;
  undo?: boolean;
  wait?: boolean;
};

function command(
  name: string,
  description: string,
  work: (config: AgentConfig, flags: More, argument: string) => Promise<number>,
  parent: Command = program,
): Command {
  const made = parent
    .command(name)
    .description(description)
    .option('--config <file>', 'the configuration file (default: agent.toml in the data folder)')
    .option('--data <dir>', 'where the agent keeps its identity, index and cache')
    .option('--json', 'output for programs');
  return made.action(async (...given: unknown[]) => {
    // What commander gives: the arguments, the options, the command.
    const argument = typeof given[0] === 'string' ? given[0] : '';
    const flags = made.optsWithGlobals() as More;
    process.exitCode = await work(readConfig(flags), flags, argument);
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

command('run', 'share the folders until stopped', (config, flags) => runAgent(config, () => readConfig(flags)))
  .option(...EDGE)
  .option(...ROOT)
  .option('--code <code>', 'enrol first, if this machine is not yet')
  .option(...NAME)
  .option('--port <port>', 'serve /health and /metrics on 127.0.0.1')
  .option('--direct-port <port>', 'let viewers come to this machine directly, on this port (default: off)')
  .option('--direct-listen <address>', 'where it listens (default: everywhere)')
  .option(
    '--direct-address <url>',
    'what viewers reach it by (default: found out); may be given several times',
    collect,
  )
  .option('--direct-certificate <file>', 'PEM; makes the direct way HTTPS')
  .option('--direct-key <file>', 'the key of that certificate, PEM')
  .option('--cache-gb <number>', 'space for segments that were made (default: 4)')
  .option('--uplink-limit <mbits>', 'Mbit/s that all viewers together may take (default: no limit)')
  .option('--rescan-minutes <number>', 'how often everything is looked at again, 5 to 120 (default: 60)')
  .option('--transcode-slots <number>', 'films that it encodes at once; 0 leaves it to others (default: found out)')
  .option('--software-codecs <list>', 'hevc, av1: encode these on the processor too, where it is fast enough')
  .option('--follow-links', 'serve also what links in the folders point to elsewhere')
  .option('--exit-with-parent', 'stop when stdin ends or the parent process is gone')
  .option('--log-level <level>', 'fatal, error, warn, info, debug or trace (default: info)')
  .option('--log-file <file>', 'where the log goes beside the terminal')
  .option('--allow <dir>', 'folders below it may be chosen in the web app; may be given several times', collect);

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

const roots = program.command('roots').description('the folders that this machine shares');
command('list', 'show them', (config) => listRoots(config), roots);
command('add <library=path>', 'share a folder, in a library', (config, _, text) => addRoot(config, text), roots);
command('remove <path>', 'share a folder no more', (config, _, text) => removeRoot(config, text), roots);

command('logs', 'what the agent has logged', (config, flags) => {
  const stop = stopSignal(false);
  return showLogs(config, { lines: flags.lines ?? 100, follow: flags.follow ?? false }, stop.signal);
})
  .option('-n, --lines <number>', 'how many lines (default: 100)', countOf)
  .option('-f, --follow', 'go on with what comes');

const config = command('config', 'what holds, and where each value came from', (held) => showConfig(held));
command('reload', 'the running agent reads it again', (held) => reloadConfig(held), config);

command('update', 'take the version that the server offers', (held, flags) =>
  updateCommand(held, { check: flags.check ?? false, allowDowngrade: flags.allowDowngrade ?? false }),
)
  .option('--check', 'only look')
  .option('--allow-downgrade', 'take it although it is older');

command('rollback', 'run the version before this one again', (held) => rollbackCommand(held));

command('uninstall', 'take away what install.sh has made, and this machine at the server', (held, flags) => {
  const { keepData = false, keepConfig = false, yes = false } = flags;
  return uninstallCommand(held, { keepData, keepConfig, yes, json: held.json });
})
  .option('--keep-data', 'keep identity, index and cache, and this machine at the server')
  .option('--keep-config', 'keep the configuration file')
  .option('-y, --yes', 'ask nothing');

function countOf(value: string): number {
  const count = Number(value);
  if (!Number.isInteger(count) || count < 1) throw new InvalidArgumentError('A whole number, please.');
  return count;
}

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
