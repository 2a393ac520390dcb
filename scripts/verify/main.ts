import { UsageError } from '../local/options.ts';
import { ask, credentialsOf } from './ask.ts';
import { parseVerifyOptions, USAGE } from './options.ts';
import { describeCheck, summarise } from './report.ts';
import { verify } from './verify.ts';

const EXIT = { failed: 1, usage: 2, interrupted: 130 } as const;

/** A second Ctrl-C ends it at once: the first one lets it remove what it has made. */
function stopOnSignals(): AbortSignal {
  const stop = new AbortController();
  const leave = () => {
    if (stop.signal.aborted) process.exit(EXIT.interrupted);
    process.stderr.write('\nStopping, and removing the machine that was added …\n');
    stop.abort();
  };
  process.on('SIGINT', leave).on('SIGTERM', leave);
  return stop.signal;
}

async function main(): Promise<number> {
  const options = parseVerifyOptions(process.argv.slice(2));
  if (options === 'help') {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  const signal = stopOnSignals();
  const colour = process.stdout.isTTY === true;
  try {
    const checks = await verify(
      options,
      {
        credentials: () => credentialsOf(process.env, signal),
        deployed: process.stdin.isTTY
          ? async (within) => {
              await ask('Deploy now, in another terminal (npm run deploy). Enter when it is done: ', {
                signal: within,
              });
            }
          : null,
        onCheck: (check) => options.json || process.stdout.write(`${describeCheck(check, colour)}\n`),
      },
      signal,
    );
    if (options.json) process.stdout.write(`${JSON.stringify({ edge: options.edge, checks })}\n`);
    else process.stdout.write(`\n${summarise(checks)}\n`);
    return checks.some(({ result }) => result === 'failed') ? EXIT.failed : 0;
  } catch (error) {
    if (signal.aborted) return EXIT.interrupted;
    throw error;
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  const wrongUse = error instanceof UsageError;
  process.stderr.write(`hearthcast: ${wrongUse ? error.message : (error as Error).stack}\n`);
  process.exitCode = wrongUse ? EXIT.usage : EXIT.failed;
}
