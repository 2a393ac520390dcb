import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** The name of the record in the folder of the programs. */
const FILE = 'install.json';

/** What install.sh has put on this machine, written by it; an uninstall takes just this away again. */
export const InstallRecord = z.object({
  /** Programs: launcher, Node where it was brought, the command. */
  app: z.string(),
  /** Identity, index, cache and the agent's versions. */
  data: z.string(),
  config: z.string(),
  /** The command on the PATH. */
  command: z.string(),
  node: z.string(),
  user: z.string(),
  madeUser: z.boolean(),
  service: z.object({ kind: z.enum(['systemd', 'launchd', 'task', 'none']), file: z.string() }),
  /** Packages that the system's package manager was asked for; other programs may use them by now. */
  packages: z.array(z.string()),
});
export type InstallRecord = z.infer<typeof InstallRecord>;

/** Who brings newer versions of this agent. */
export type Installation =
  | { kind: 'installed'; record: InstallRecord }
  /** Whoever made the image. */
  | { kind: 'container' }
  /** Whoever pulls the sources. */
  | { kind: 'source' };

/** How this agent came onto the machine, by what its starter says in the environment. */
export function installationOf(env: NodeJS.ProcessEnv = process.env): Installation {
  const app = env.HEARTHCAST_INSTALL;
  if (app && existsSync(join(app, FILE))) {
    return { kind: 'installed', record: InstallRecord.parse(JSON.parse(readFileSync(join(app, FILE), 'utf8'))) };
  }
  return { kind: env.HEARTHCAST_CONTAINER ? 'container' : 'source' };
}
