import fc from 'fast-check';
import { generateSync, type JsonSchema } from 'json-schema-faker';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openApiDocument } from '../../edge/http/openapi.ts';
import type { Role } from '../../shared/api/auth.ts';
import { Problem } from '../../shared/errors.ts';
import { edgeClient } from './edge-client.ts';
import { addItem } from './playing-agent.ts';
import { signedIn } from './signed-in.ts';

/** Requests of each route. The seed is fixed: what fails here fails again. */
const RUNS = 10;
const SEED = 2026;

/** Passwords are really hashed. */
const LIMIT_MS = 120_000;

interface Described {
  parameters?: { name: string; in: 'path' | 'query'; schema: JsonSchema }[];
  requestBody?: { content: Record<string, { schema: JsonSchema }> };
  responses: Record<string, { content?: Record<string, { schema: Record<string, unknown> }> }>;
}

const document = openApiDocument() as { paths: Record<string, Record<string, Described>> };
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, described]) => [`${method.toUpperCase()} ${path}`, described] as const),
);

/** Values as the schema wants them, from a library's reading of it. */
const fitting = (schema: JsonSchema) =>
  fc.integer({ min: 0, max: 2 ** 31 - 1 }).map((seed) => generateSync(schema, { seed, optionalsProbability: 0.7 }));

/** Texts that break parsers. */
const odd = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    '0',
    '-1',
    '1e9',
    '9'.repeat(17),
    '__proto__',
    "' OR 1=1 --",
    '../../etc/passwd',
    '%00',
    '\u0000',
    'ﷺ'.repeat(80),
  ),
);

const bodies = (schema: JsonSchema) =>
  fc.oneof(
    { weight: 4, arbitrary: fitting(schema).map((value) => JSON.stringify(value)) },
    { weight: 2, arbitrary: fc.tuple(fitting(schema), fc.nat(), fc.oneof(fc.jsonValue(), odd)).map(spoil) },
    {
      weight: 1,
      arbitrary: fc.oneof(
        fc.jsonValue().map((value) => JSON.stringify(value)),
        odd,
      ),
    },
  );

/** A fitting value of which one member does not fit. */
function spoil([value, at, other]: [unknown, number, unknown]): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(other);
  const names = Object.keys(value);
  const name = names[at % Math.max(1, names.length)] ?? 'extra';
  return JSON.stringify({ ...value, [name]: other });
}

const requestsOf = ({ parameters = [], requestBody }: Described) =>
  fc.record({
    role: fc.constantFrom<Role | null>('owner', 'owner', 'admin', 'member', 'child', null),
    values: fc.tuple(
      ...parameters.map((parameter) =>
        parameter.in === 'path'
          ? fc.oneof(fc.constantFrom('1', '2', '3'), odd)
          : fc.option(fc.oneof(fitting(parameter.schema).map(String), odd)),
      ),
    ),
    body: requestBody ? bodies(Object.values(requestBody.content)[0]?.schema ?? {}) : fc.constant(undefined),
  });

function addressOf(path: string, described: Described, values: readonly (string | null)[]): string {
  const query = new URLSearchParams();
  let filled = path;
  for (const [i, parameter] of (described.parameters ?? []).entries()) {
    const value = values[i] ?? null;
    // An empty segment, and dots, would be another path.
    const segment = value === null || /^\.{0,2}$/.test(value) ? 'x' : encodeURIComponent(value.toWellFormed());
    if (parameter.in === 'path') filled = filled.replace(`{${parameter.name}}`, segment);
    else if (value !== null) query.set(parameter.name, value.toWellFormed());
  }
  return query.size > 0 ? `${filled}?${query}` : filled;
}

describe('whatever is sent', () => {
  it.each(operations)(
    '%s answers as it is described, and never with a 500',
    async (name, described) => {
      const [method = '', path = ''] = name.split(' ');
      await addItem();
      await fc.assert(
        fc.asyncProperty(requestsOf(described), async ({ role, values, body }) => {
          const headers = role === null ? {} : (await signedIn(role)).headers;
          const init = { method, headers, ...(body === undefined ? {} : { body }) };
          const response = await edgeClient().raw(addressOf(path, described, values), init);
          await judge(response, described);
        }),
        { numRuns: RUNS, seed: SEED },
      );
    },
    LIMIT_MS,
  );
});

async function judge(response: Response, described: Described): Promise<void> {
  if (!response.ok) {
    const problem = Problem.parse(await response.json());
    expect([problem.status, problem.code]).toEqual([response.status, expect.not.stringMatching(/^internal$/)]);
    return;
  }
  const schema = described.responses[response.status]?.content?.['application/json']?.schema;
  if (schema) z.fromJSONSchema(schema).parse(await response.json());
  else await response.body?.cancel();
}
