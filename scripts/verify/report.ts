import { styleText } from 'node:util';
import type { Check } from './check.ts';

const SIGNS = { ok: '✓', warning: '!', failed: '✗', skipped: '–' } as const;
const COLOURS = { ok: 'green', warning: 'yellow', failed: 'red', skipped: 'gray' } as const;
const WIDTH = 96;
const INDENT = '    ';

/** One check for a person: a line with its figure, what it means, and what to do where something is to be done. */
export function describeCheck({ name, result, figure, meaning, advice }: Check, colour: boolean): string {
  const sign = colour ? styleText(COLOURS[result], SIGNS[result], { validateStream: false }) : SIGNS[result];
  const lines = [`${sign} ${name}${figure === null ? '' : `: ${figure}`}`, ...wrapped(meaning)];
  if (advice !== null) lines.push(...wrapped(`→ ${advice}`));
  return lines.join('\n');
}

/** The last line. */
export function summarise(checks: readonly Check[]): string {
  const count = (result: Check['result']) => checks.filter((check) => check.result === result).length;
  if (count('failed') > 0) return `${count('failed')} failed, ${count('warning')} to look at. See what to do above.`;
  if (count('warning') > 0) return `Nothing failed; ${count('warning')} to look at.`;
  return 'All is well.';
}

function wrapped(text: string): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) as string;
    if (line === '') lines[lines.length - 1] = word;
    else if (INDENT.length + line.length + 1 + word.length <= WIDTH) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines.map((line) => INDENT + line);
}
