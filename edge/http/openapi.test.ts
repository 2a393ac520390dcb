import { describe, expect, it } from 'vitest';
import { openApiDocument } from './openapi.ts';
import { OPERATIONS } from './operations.ts';
import { POLICY } from './policy.ts';

type Described = {
  paths: Record<string, Record<string, { security: unknown[]; parameters?: { name: string; required: boolean }[] }>>;
};
const document = openApiDocument() as Described;

describe('the OpenAPI document', () => {
  it('describes every route of the API, and no other', () => {
    const routes = POLICY.filter((rule) => rule.path.startsWith('/api/')).map((rule) => `${rule.method} ${rule.path}`);
    expect(Object.keys(OPERATIONS).sort()).toEqual(routes.sort());
    const described = Object.values(document.paths).flatMap((methods) => Object.keys(methods));
    expect(described).toHaveLength(routes.length);
  });

  it('tells which routes need a sign-in', () => {
    expect(document.paths['/api/v1/server']?.get?.security).toEqual([]);
    expect(document.paths['/api/v1/home']?.get?.security).toEqual([{ bearer: [] }, { cookie: [] }]);
  });

  it('names the parameters of path and query', () => {
    const parameters = document.paths['/api/v1/libraries/{id}/problems']?.get?.parameters ?? [];
    expect(parameters.map(({ name, required }) => [name, required])).toEqual([
      ['id', true],
      ['cursor', false],
      ['limit', false],
    ]);
  });

  it('is JSON without references to schemas that it does not hold', () => {
    const references = JSON.stringify(document).match(/"\$ref":"[^"]*"/g) ?? [];
    expect(new Set(references)).toEqual(new Set(['"$ref":"#/components/schemas/Problem"']));
  });
});
