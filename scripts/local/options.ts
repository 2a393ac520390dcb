import { accessSync, constants, readdirSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

/** What `npm start` was asked to do. */
export interface LocalOptions {
  port: number;
  host: string;
  dataDir: string;
  /** Absolute folders; empty means the demo library. */
  media: string[];
  demo: boolean;
  /** Whether an agent runs beside the edge. */
  agent: boolean;
  json: boolean;
  owner: { username: string; password: string } | null;
}

/** A mistake of the user's, told in one sentence that says what to do. */
export class UsageError extends Error {}

export const USAGE = `Usage: npm start -- [options]

  --media DIR   a folder of films or series (repeatable; without it a demo library is made)
  --port PORT   where to listen (default 8484)
  --host HOST   on which address (default 127.0.0.1; 0.0.0.0 lets the home network in)
  --data DIR    where everything is kept (default ./data)
  --no-demo     start without the demo library
  --no-agent    only the edge: agents come by "Add a machine"
  --json        print one machine-readable line when ready
  --help        print this

The environment's HEARTHCAST_OWNER and HEARTHCAST_PASSWORD create the owner's account without the form.`;

/** Parses and checks the command line. Throws a UsageError. */
export function parseOptions(argv: readonly string[], env: NodeJS.ProcessEnv, cwd: string): LocalOptions | 'help' {
  const values = parse(argv);
  if (values.help) return 'help';
  const port = Number(values.port ?? 8484);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new UsageError(`--port ${values.port} is not a port: give a number from 1 to 65535.`);
  }
  const media = (values.media ?? []).map((dir) => resolve(cwd, dir));
  if (media.length > 0 && values['no-agent']) {
    throw new UsageError('--media needs the agent that --no-agent leaves away: give one of the two.');
  }
  for (const dir of media) checkFolder(dir);
  const owner = env.HEARTHCAST_OWNER
    ? { username: env.HEARTHCAST_OWNER, password: env.HEARTHCAST_PASSWORD ?? '' }
    : null;
  if (owner && owner.password.length < 8) {
    throw new UsageError('HEARTHCAST_OWNER is set, so HEARTHCAST_PASSWORD must be too, with 8 characters or more.');
  }
  return {
    port,
    host: values.host ?? '127.0.0.1',
    dataDir: resolve(cwd, values.data ?? 'data'),
    media,
    demo: media.length === 0 && !values['no-demo'] && !values['no-agent'],
    agent: !values['no-agent'],
    json: values.json ?? false,
    owner,
  };
}

/** The agent's roots: each named folder goes to the library of its name; two of one name are told apart. */
export function rootsOf(
  options: Pick<LocalOptions, 'media' | 'demo' | 'dataDir'>,
): { library: string; path: string }[] {
  if (options.demo) {
    const demo = join(options.dataDir, 'demo');
    return ['Movies', 'Shows'].map((library) => ({ library, path: join(demo, library) }));
  }
  return options.media.map((path) => ({ library: basename(path) || 'Media', path }));
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        media: { type: 'string', multiple: true },
        port: { type: 'string' },
        host: { type: 'string' },
        data: { type: 'string' },
        'no-demo': { type: 'boolean' },
        'no-agent': { type: 'boolean' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
      allowPositionals: false,
    }).values;
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n\n${USAGE}`);
  }
}

function checkFolder(dir: string): void {
  try {
    if (!statSync(dir).isDirectory()) throw new UsageError(`--media ${dir} is a file: give the folder that holds it.`);
    accessSync(dir, constants.R_OK | constants.X_OK);
    readdirSync(dir);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT')
      throw new UsageError(`--media ${dir} does not exist: check the spelling, or that its disk is mounted.`);
    if (code === 'EACCES') throw new UsageError(`--media ${dir} cannot be read: give this user the right to read it.`);
    throw new UsageError(`--media ${dir} cannot be opened: ${(error as Error).message}`);
  }
}
