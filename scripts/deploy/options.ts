import { parseArgs } from 'node:util';
import { UsageError } from '../local/options.ts';

/** What `npm run deploy` was asked to do. */
export interface DeployOptions {
  /** The Worker's name; everything else is named after it. */
  name: string | undefined;
  /** A host name of a zone in the account, where not workers.dev. */
  domain: string | undefined;
  /** Where the database stands, as Cloudflare calls its regions. */
  location: string | undefined;
  /** Ask nothing: what is not given has its default. */
  yes: boolean;
  /** Pack and check everything, and touch no account. */
  dryRun: boolean;
}

export const USAGE = `Usage: npm run deploy -- [options]

Puts Hearthcast on your own Cloudflare account: a database, two buckets, two Workers, their secrets.
Run it again after an update, or after it stopped half-way: it goes on from where it is.

  --name NAME      of the Worker (default hearthcast); everything else is named after it
  --domain HOST    serve at this host name of a zone in your account (default: an address at workers.dev)
  --location HINT  where the database stands: weur, eeur, wnam, enam, apac or oc (default: near you)
  --yes            ask nothing
  --dry-run        pack and check everything without an account
  --help           print this

In place of a browser's sign-in, CLOUDFLARE_API_TOKEN and CLOUDFLARE_ACCOUNT_ID may be set.`;

const NAME = /^[a-z0-9][a-z0-9-]{0,39}$/;
const HOST = /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;
const LOCATIONS = ['weur', 'eeur', 'wnam', 'enam', 'apac', 'oc'];

/** Parses and checks the command line. Throws a UsageError. */
export function parseDeployOptions(argv: readonly string[]): DeployOptions | 'help' {
  let values: { [key: string]: string | boolean | undefined };
  try {
    ({ values } = parseArgs({
      args: [...argv],
      options: {
        name: { type: 'string' },
        domain: { type: 'string' },
        location: { type: 'string' },
        yes: { type: 'boolean' },
        'dry-run': { type: 'boolean' },
        help: { type: 'boolean' },
      },
    }));
  } catch (error) {
    throw new UsageError(`${(error as Error).message} See npm run deploy -- --help.`);
  }
  if (values.help) return 'help';
  const { name, domain, location } = values as Record<string, string | undefined>;
  if (name !== undefined && !NAME.test(name)) {
    throw new UsageError(`--name ${name}: use small letters, digits and dashes, 40 at most.`);
  }
  if (domain !== undefined && !HOST.test(domain)) {
    throw new UsageError(`--domain ${domain} is no host name: give one such as films.example.org.`);
  }
  if (location !== undefined && !LOCATIONS.includes(location)) {
    throw new UsageError(`--location ${location}: give one of ${LOCATIONS.join(', ')}.`);
  }
  return { name, domain, location, yes: values.yes === true, dryRun: values['dry-run'] === true };
}
