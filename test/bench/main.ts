import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type BenchOptions, type BenchResult, meets, verdict } from './measures.ts';

/** `npm run bench -- NAME [--quick] [--rounds N] [--fault NAME] [--json]`: one benchmark, as a table and with --json as one line more. */
const OPTIONS = {
  json: { type: 'boolean' },
  quick: { type: 'boolean' },
  fault: { type: 'string' },
  rounds: { type: 'string' },
} as const;
const dir = import.meta.dirname;
const known = readdirSync(join(dir, 'cases')).map((file) => file.replace(/\.ts$/, ''));
const { values, name } = asked();

const { run } = (await import(`./cases/${name}.ts`)) as { run: (options: BenchOptions) => Promise<BenchResult> };
const { bench, measures } = await run({
  quick: values.quick ?? false,
  only: values.fault,
  rounds: values.rounds === undefined ? undefined : Number(values.rounds),
});
const judged = measures.map((measure) => ({ ...measure, met: meets(measure.value, measure.goal) }));
const rows = judged.map(({ name, value, unit, goal, met }) => [
  name,
  String(Number(value.toPrecision(4))),
  unit,
  goal ?? '',
  met === undefined ? '' : met ? 'met' : 'MISSED',
]);
const header = [bench, 'value', 'unit', 'goal', ''];
const widths = header.map((_, column) => Math.max(...[header, ...rows].map((row) => (row[column] ?? '').length)));
for (const row of [header, ...rows]) {
  process.stdout.write(
    `${row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd()}\n`,
  );
}
process.stdout.write(`${verdict(bench, judged)}\n`);
if (values.json) process.stdout.write(`${JSON.stringify({ bench, measures: judged })}\n`);
process.exit(0);

function asked() {
  try {
    const { values, positionals } = parseArgs({
      args: process.argv.slice(2),
      options: OPTIONS,
      allowPositionals: true,
    });
    const [name] = positionals;
    if (name && known.includes(name)) return { values, name };
    return refuse(name ? `There is no benchmark ${name}.` : 'Which benchmark?');
  } catch (error) {
    return refuse((error as Error).message);
  }
}

function refuse(why: string): never {
  process.stderr.write(
    `${why}\nUsage: npm run bench -- NAME [--quick] [--rounds N] [--fault NAME] [--json]\nBenchmarks: ${known.join(', ')}\n`,
  );
  process.exit(2);
}
