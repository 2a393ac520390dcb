import { readFileSync } from 'node:fs';
import { parse, TomlError } from 'smol-toml';
import { z } from 'zod';
import { AgentError, EXIT } from '../exit-codes.ts';
import type { RootConfig } from '../library/roots.ts';
import { lineOf } from './toml-lines.ts';

/** A configuration is read by people; one of this size is another kind of file. */
const MAX_BYTES = 256 * 1024;

const RootTable = z.strictObject({
  path: z.string().min(1),
  library: z.string().trim().min(1).max(200).optional(),
  follow_links: z.boolean().optional(),
});

/** A configuration file as it was read: settings by their dotted names, each with its line. */
export interface ConfigFile {
  path: string;
  values: ReadonlyMap<string, { value: unknown; line: number }>;
  roots: (Pick<RootConfig, 'path'> & { library: string | undefined; followLinks: boolean | undefined })[];
}

/**
 * Reads a TOML file; null where there is none. Throws an AgentError that names the line of what is wrong.
 * `known` are the dotted names of all settings but `roots`.
 */
export function readConfigFile(path: string, known: ReadonlySet<string>): ConfigFile | null {
  const text = textOf(path);
  if (text === null) return null;
  const wrong = (line: number, what: string): never => {
    throw new AgentError(`${path}, line ${line}: ${what}`, EXIT.usage);
  };
  let table: Record<string, unknown>;
  try {
    table = parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    return wrong(
      error.line,
      `this is not TOML (${error.message.split('\n')[0]?.replace('Invalid TOML document: ', '')}).`,
    );
  }
  const { roots = [], ...settings } = table;
  const values = new Map<string, { value: unknown; line: number }>();
  for (const [name, value] of flattened(settings)) {
    const line = lineOf(text, name);
    if (!known.has(name)) wrong(line, `there is no setting "${name}". There are: roots, ${[...known].join(', ')}.`);
    values.set(name, { value, line });
  }
  if (!Array.isArray(roots)) wrong(lineOf(text, 'roots'), 'folders are written as [[roots]], one block each.');
  const parsed = (roots as unknown[]).map((root, i) => {
    const result = RootTable.safeParse(root);
    if (!result.success) {
      const issue = result.error.issues[0];
      const key = issue?.code === 'unrecognized_keys' ? issue.keys[0] : String(issue?.path[0] ?? 'path');
      return wrong(
        lineOf(text, `roots.${key}`, i),
        `a folder has path, library and follow_links; "${key}" is not right.`,
      );
    }
    return { path: result.data.path, library: result.data.library, followLinks: result.data.follow_links };
  });
  return { path, values, roots: parsed };
}

function textOf(path: string): string | null {
  try {
    const bytes = readFileSync(path);
    if (bytes.length > MAX_BYTES) throw new AgentError(`${path} is too large for a configuration.`, EXIT.usage);
    // Editors of Windows begin a text with a mark.
    return bytes.toString('utf8').replace(/^\uFEFF/, '');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    // A data folder that is no folder is refused when it is made, by its own name.
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    if (!code) throw cause;
    const advice = code === 'EACCES' ? 'it may not be read by this user (try sudo)' : String(code);
    throw new AgentError(`${path} cannot be read: ${advice}.`, EXIT.failed, { cause });
  }
}

/** `{update: {mode}}` as `update.mode`; arrays are values. */
function flattened(table: Record<string, unknown>, before = ''): [string, unknown][] {
  return Object.entries(table).flatMap(([key, value]): [string, unknown][] => {
    const isTable = typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
    return isTable ? flattened(value as Record<string, unknown>, `${before}${key}.`) : [[`${before}${key}`, value]];
  });
}
