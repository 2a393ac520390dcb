import { z } from 'zod';

/** What wrangler prints with `--json`, as far as it is read. */
const Databases = z.array(z.object({ uuid: z.string(), name: z.string() }));
const Secrets = z.array(z.object({ name: z.string() }));
const WhoAmI = z.object({
  email: z.string().optional(),
  accounts: z.array(z.object({ id: z.string(), name: z.string() })).default([]),
});
const Deployed = z.object({ type: z.literal('deploy'), targets: z.array(z.string()).nullish() });

export type Account = z.infer<typeof WhoAmI>['accounts'][number];

/** The database of a name; null where there is none. */
export function databaseId(listing: string, name: string): string | null {
  return Databases.parse(json(listing)).find((database) => database.name === name)?.uuid ?? null;
}

/** The names of a Worker's secrets. */
export function secretNames(listing: string): string[] {
  return Secrets.parse(json(listing)).map((secret) => secret.name);
}

/** Whether a command failed since the account has no Worker of that name: in wrangler's words, or by Cloudflare's codes. */
export function isNoWorker({ stdout, stderr }: { stdout: string; stderr: string }): boolean {
  return /\[code: (10007|10090)\]|^.{0,9}Worker "[\w-]+" not found/m.test(`${stdout}\n${stderr}`);
}

/** The accounts that whoever is signed in may deploy to. */
export function accountsOf(answer: string): Account[] {
  return WhoAmI.parse(json(answer)).accounts;
}

/** The address at which a Worker can be reached, from what wrangler notes of a deployment (JSON lines). */
export function addressOf(notes: string): string | null {
  for (const line of notes.split('\n').reverse()) {
    if (line.trim() === '') continue;
    const deployed = Deployed.safeParse(JSON.parse(line));
    // Crons and queues are targets too.
    const target = deployed.data?.targets?.find((one) => /^(https:\/\/)?[a-z0-9-]+(\.[a-z0-9-]+)+/.test(one));
    if (target) return target.startsWith('http') ? target : `https://${target.split(' ')[0]}`;
  }
  return null;
}

/** wrangler may say something before its JSON. */
function json(text: string): unknown {
  const at = text.search(/^[[{]/m);
  if (at < 0) throw new Error('wrangler answered without JSON');
  return JSON.parse(text.slice(at));
}
