import { z } from 'zod';
import { version } from '../../package.json';
import { Problem } from '../../shared/errors.ts';
import type { Operation } from './operation.ts';
import { OPERATIONS } from './operations.ts';
import { POLICY, type Rule } from './policy.ts';

type Json = Record<string, unknown>;

const JSON_TYPE = 'application/json';
const PROBLEM_TYPE = 'application/problem+json';

/** The OpenAPI 3.1 document of the API, from the shared contracts and the policy. */
export function openApiDocument(): Json {
  const paths: Record<string, Json> = {};
  for (const rule of POLICY) {
    const operation = OPERATIONS[`${rule.method} ${rule.path}`];
    if (!operation) continue;
    const path = rule.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [rule.method.toLowerCase()]: describeOperation(rule, operation) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Hearthcast', version },
    paths,
    components: {
      schemas: { Problem: schemaOf(Problem, 'output') },
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        cookie: { type: 'apiKey', in: 'cookie', name: 'hc_access' },
      },
    },
  };
}

function describeOperation(rule: Rule, { summary, query, body, answer: [status, answer] }: Operation): Json {
  const parameters = [...pathParameters(rule.path), ...(query ? queryParameters(query) : [])];
  const access = typeof rule.access === 'object' ? rule.access : null;
  return {
    summary,
    ...(access ? { description: descriptionOf(access), security: [{ bearer: [] }, { cookie: [] }] } : { security: [] }),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(body ? { requestBody: { content: content(JSON_TYPE, schemaOf(body, 'input')) } } : {}),
    responses: {
      [status]: { description: 'Done', ...(answer ? { content: content(JSON_TYPE, schemaOf(answer, 'output')) } : {}) },
      default: {
        description: 'A problem (RFC 9457)',
        content: content(PROBLEM_TYPE, { $ref: '#/components/schemas/Problem' }),
      },
    },
  };
}

const descriptionOf = ({ roles, scope, ownProfile }: Extract<Rule['access'], object>) =>
  `For: ${roles.join(', ')}${ownProfile ? ', in the account’s own profile' : ''}. ${scope === null ? 'Not with an API key.' : `API keys need the scope "${scope}".`}`;

const content = (type: string, schema: Json): Json => ({ [type]: { schema } });

function pathParameters(path: string): Json[] {
  const names = [...path.matchAll(/:(\w+)/g)].map((match) => match[1]);
  return names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } }));
}

function queryParameters(query: z.ZodObject): Json[] {
  const { properties = {}, required = [] } = schemaOf(query, 'input') as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
  }));
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
}
