import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse, stringify } from 'smol-toml';
import { z } from 'zod';
import { PROJECT } from '../build/paths.ts';
import { releaseBindings } from '../release/release-bindings.ts';

/** What a deployment is called, and where its database is. Nothing in it is secret. */
export const Deployment = z.object({
  name: z.string(),
  databaseId: z.string(),
  domain: z.string().optional(),
  accountId: z.string().optional(),
});
export type Deployment = z.infer<typeof Deployment>;

/** The files that a deployment's wrangler reads. They belong to one owner, and git ignores them. */
export interface DeploymentFiles {
  edge: string;
  passwords: string;
}

export function deploymentFiles(folder = PROJECT): DeploymentFiles {
  return { edge: join(folder, 'wrangler.deploy.toml'), passwords: join(folder, 'wrangler.deploy.passwords.toml') };
}

/** The names of what a deployment is made of. */
export const namesOf = (name: string) => ({
  database: name,
  images: `${name}-images`,
  backups: `${name}-backups`,
  passwords: `${name}-passwords`,
});

const Written = z.object({
  name: z.string(),
  account_id: z.string().optional(),
  d1_databases: z.tuple([z.object({ database_id: z.string() })]),
  routes: z.array(z.object({ pattern: z.string() })).optional(),
});

/** The deployment that an earlier run wrote down; null where there was none. */
export function readDeployment(files: DeploymentFiles): Deployment | null {
  if (!existsSync(files.edge)) return null;
  const written = Written.parse(parse(readFileSync(files.edge, 'utf8')));
  const domain = written.routes?.[0]?.pattern;
  return {
    name: written.name,
    databaseId: written.d1_databases[0].database_id,
    ...(domain === undefined ? {} : { domain }),
    ...(written.account_id === undefined ? {} : { accountId: written.account_id }),
  };
}

/** Writes the configuration of both Workers: wrangler.toml, with the names of this deployment. */
export function writeDeployment(files: DeploymentFiles, deployment: Deployment): void {
  const { name, databaseId, domain, accountId } = deployment;
  const names = namesOf(name);
  const account = accountId === undefined ? {} : { account_id: accountId };
  const base = parse(readFileSync(join(PROJECT, 'wrangler.toml'), 'utf8'));
  const buckets: Readonly<Record<string, string>> = { IMAGES: names.images, BACKUPS: names.backups };
  const edge = {
    ...base,
    ...account,
    name,
    main: join(PROJECT, 'edge', 'index.ts'),
    assets: { ...(base.assets as object), directory: join(PROJECT, 'dist', 'web') },
    d1_databases: [
      {
        ...{ binding: 'DB', database_name: names.database, database_id: databaseId },
        migrations_dir: join(PROJECT, 'migrations'),
      },
    ],
    r2_buckets: Object.entries(buckets).map(([binding, bucket_name]) => ({ binding, bucket_name })),
    services: [{ binding: 'PASSWORDS', service: names.passwords }],
    // Public both: what machines trust when they are added, and the signature of this build's agent.
    vars: { ...(base.vars as object | undefined), ...releaseBindings(dirname(files.edge)) },
    ...(domain === undefined ? {} : { routes: [{ pattern: domain, custom_domain: true }], workers_dev: false }),
  };
  const passwords = {
    ...parse(readFileSync(join(PROJECT, 'deploy', 'passwords', 'wrangler.toml'), 'utf8')),
    ...account,
    name: names.passwords,
    main: join(PROJECT, 'deploy', 'passwords', 'index.ts'),
  };
  const head = '# Written by `npm run deploy`, which reads it again. Secrets are kept at Cloudflare alone.\n';
  writeFileSync(files.edge, head + stringify(edge));
  writeFileSync(files.passwords, head + stringify(passwords));
}
