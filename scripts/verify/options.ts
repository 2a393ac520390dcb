import { parseArgs } from 'node:util';
import { UsageError } from '../local/options.ts';

/** What `npm run verify` was asked to do. */
export interface VerifyOptions {
  /** Origin of the edge. */
  edge: string;
  json: boolean;
  /** A body of 64 MB as well. */
  full: boolean;
  /** A pause longer than the edge holds a relay. */
  long: boolean;
  /** A deploy by the owner's hand in the middle of a download. */
  deploy: boolean;
}

export const USAGE = `Usage: npm run verify -- https://your.address [options]

Measures a deployment from this machine, as a machine with films and as a viewer, in about two minutes.
It adds a machine of its own with one made-up film, and removes it at the end.

  --long    pause for 90 seconds instead of 20: longer than the edge keeps a still download open
  --full    also send one body of 64 MB, the largest that there is
  --deploy  ask you to deploy in the middle of a download
  --json    print one JSON object
  --help    print this

It signs in with HEARTHCAST_OWNER and HEARTHCAST_PASSWORD, or with HEARTHCAST_KEY (an API key of an owner or admin
with the scopes read, play and admin), or asks. It ends with 0 when nothing failed, 1 when something did, 2 when it was
called wrongly.`;

/** Parses and checks the command line. Throws a UsageError. */
export function parseVerifyOptions(argv: readonly string[]): VerifyOptions | 'help' {
  const flag = { type: 'boolean' } as const;
  let parsed: { values: Record<string, boolean | undefined>; positionals: string[] };
  try {
    parsed = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: { json: flag, full: flag, long: flag, deploy: flag, help: flag },
    });
  } catch (error) {
    throw new UsageError(`${(error as Error).message} See npm run verify -- --help.`);
  }
  const { values, positionals } = parsed;
  if (values.help) return 'help';
  const [address, ...more] = positionals;
  if (address === undefined || more.length > 0)
    throw new UsageError('give one address, such as https://films.example.');
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:') {
    throw new UsageError(`${address} is no address: give one such as https://films.example.`);
  }
  const { json = false, full = false, long = false, deploy = false } = values;
  return { edge: url.origin, json, full, long, deploy };
}
