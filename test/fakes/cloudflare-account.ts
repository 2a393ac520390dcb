import { readFileSync, writeFileSync } from 'node:fs';
import { parse } from 'smol-toml';
import { Commands, type Ran, type RunOptions } from '../../scripts/deploy/wrangler.ts';

class Refusal extends Error {}

interface Config {
  name: string;
  services?: { service: string }[];
  r2_buckets?: { bucket_name: string }[];
  d1_databases?: { database_id: string }[];
}

/** Stands in for Cloudflare's command line and the account behind it, as far as a deployment uses them. */
export class CloudflareAccount extends Commands {
  readonly commands: string[] = [];
  readonly databases: { uuid: string; name: string }[] = [];
  readonly buckets: string[] = [];
  readonly workers: Record<string, { secrets: Record<string, string>; schemaBefore: boolean }> = {};
  readonly #migrated = new Set<string>();
  readonly #address: string;
  /** The number of the command that fails, and whether before or after its work. */
  failAt: { command: number; when: 'before' | 'after' } | null = null;

  constructor(address: string) {
    super();
    this.#address = address;
  }

  async run(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
    this.commands.push(args.slice(0, 3).join(' '));
    const when = this.commands.length === this.failAt?.command ? this.failAt.when : null;
    try {
      if (when === 'before') throw new Refusal('fetch failed');
      const stdout = this.#answer(args, options);
      if (when === 'after') throw new Refusal('the connection was reset: fetch failed');
      return { code: 0, stdout, stderr: '' };
    } catch (error) {
      if (error instanceof Refusal) return { code: 1, stdout: '', stderr: error.message };
      throw error;
    }
  }

  async attend(): Promise<number> {
    return 0;
  }

  #answer(args: readonly string[], options: RunOptions): string {
    const [first, second, third, fourth] = args;
    switch (`${first} ${second} ${third}`) {
      case 'whoami --json undefined':
        return '{"loggedIn":true,"accounts":[{"id":"acc-1","name":"Ada"}]}';
      case 'd1 list --json':
        return JSON.stringify(this.databases);
      case `d1 create ${third}`:
        if (this.databases.some(({ name }) => name === third)) throw new Refusal('a database of that name exists');
        this.databases.push({ uuid: `uuid-${this.databases.length}`, name: third as string });
        return 'Successfully created';
      case 'r2 bucket info':
        if (!this.buckets.includes(fourth as string)) throw new Refusal('The specified bucket does not exist.');
        return '{"name":"x"}';
      case 'r2 bucket create':
        if (this.buckets.includes(fourth as string)) throw new Refusal('The bucket exists.');
        this.buckets.push(fourth as string);
        return 'Created bucket';
      case 'd1 migrations apply':
        this.#migrated.add(configOf(args).d1_databases?.[0]?.database_id as string);
        return 'Migrations applied';
      case 'secret list --format':
        return JSON.stringify(Object.keys(this.#workerOf(args).secrets).map((name) => ({ name })));
      case 'secret bulk --config':
        Object.assign(this.#workerOf(args).secrets, JSON.parse(options.input ?? ''));
        return 'Secrets uploaded';
      default:
        if (first === 'deploy') return this.#deploy(args, options);
        throw new Refusal(`unknown command ${args.join(' ')}`);
    }
  }

  #workerOf(args: readonly string[]) {
    const { name } = configOf(args);
    const worker = this.workers[name];
    if (!worker)
      throw new Refusal(`Worker "${name}" not found.\n\nIf this is a new Worker, run \`wrangler deploy\` first.`);
    return worker;
  }

  #deploy(args: readonly string[], { env = {} }: RunOptions): string {
    const { name, services = [], r2_buckets = [], d1_databases = [] } = configOf(args);
    for (const { service } of services) if (!this.workers[service]) throw new Refusal('no such service');
    for (const { bucket_name } of r2_buckets)
      if (!this.buckets.includes(bucket_name)) throw new Refusal('no such bucket');
    const file = optionOf(args, '--secrets-file');
    const secrets = file ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>) : {};
    this.workers[name] = {
      secrets: { ...this.workers[name]?.secrets, ...secrets },
      schemaBefore: d1_databases.every(({ database_id }) => this.#migrated.has(database_id)),
    };
    const notes = env.WRANGLER_OUTPUT_FILE_PATH;
    if (notes) writeFileSync(notes, `${JSON.stringify({ type: 'deploy', targets: [this.#address] })}\n`);
    return 'Uploaded';
  }
}

function optionOf(args: readonly string[], name: string): string | undefined {
  const at = args.indexOf(name);
  return at < 0 ? undefined : args[at + 1];
}

const configOf = (args: readonly string[]) =>
  parse(readFileSync(optionOf(args, '--config') as string, 'utf8')) as unknown as Config;
