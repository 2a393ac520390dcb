import ignore, { type Ignore } from 'ignore';

/** A file of patterns is written by hand; what is longer is none. */
export const MAX_IGNORE_BYTES = 64 * 1024;

/** The patterns of the folders above something, as in `.gitignore`: each counts from the folder that it lies in. */
export type IgnoreRules = readonly { depth: number; patterns: Ignore }[];

export const NO_RULES: IgnoreRules = [];

/** Adds what the `.ignore` of a folder says. Null where it says nothing, which leaves the whole folder out. */
export function withRules(above: IgnoreRules, depth: number, text: string): IgnoreRules | null {
  if (text.trim() === '') return null;
  return [...above, { depth, patterns: ignore({ allowRelativePaths: true }).add(text) }];
}

/** Whether something in a folder is left out; the innermost rule that knows it decides. */
export function isLeftOut(rules: IgnoreRules, folders: readonly string[], name: string, isFolder: boolean): boolean {
  let left = false;
  for (const { depth, patterns } of rules) {
    const path = [...folders.slice(depth), name].join('/') + (isFolder ? '/' : '');
    const { ignored, unignored } = patterns.test(path);
    if (ignored || unignored) left = ignored;
  }
  return left;
}
