import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { validate } from 'dockerfile-utils';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { PROJECT } from './paths.ts';

const FOLDER = join(PROJECT, 'deploy', 'docker');
const files = (ending: string) => readdirSync(FOLDER).filter((name) => name.endsWith(ending));
const read = (name: string) => readFileSync(join(FOLDER, name), 'utf8');

const Environment = z.record(z.string().regex(/^[A-Z_]+$/), z.string());

/** The members of a compose file that these use; what is not known is a slip of the pen. */
const Service = z.strictObject({
  image: z.string().optional(),
  build: z.strictObject({ context: z.literal('../..'), dockerfile: z.string() }).optional(),
  extends: z.strictObject({ file: z.string(), service: z.string() }).optional(),
  init: z.literal(true).optional(),
  restart: z.literal('unless-stopped').optional(),
  stop_grace_period: z
    .string()
    .regex(/^\d+s$/)
    .optional(),
  environment: Environment.optional(),
  ports: z.array(z.string()).optional(),
  volumes: z.array(z.string().regex(/^[^:]+(:.*)?:\/[a-z]+(:ro)?$/)).optional(),
  read_only: z.boolean().optional(),
  tmpfs: z.array(z.string()).optional(),
  cap_drop: z.array(z.literal('ALL')).optional(),
  security_opt: z.array(z.string()).optional(),
  devices: z.array(z.string()).optional(),
  group_add: z.array(z.string()).optional(),
  depends_on: z.record(z.string(), z.strictObject({ condition: z.literal('service_healthy') })).optional(),
  healthcheck: z.strictObject({ test: z.array(z.string()), interval: z.string(), start_period: z.string() }).optional(),
  deploy: z.unknown().optional(),
});
const Compose = z.strictObject({
  services: z.record(z.string(), Service),
  volumes: z.record(z.string(), z.strictObject({})).optional(),
});

describe('the containers', () => {
  it.each(files('.Dockerfile'))('%s has nothing that a Dockerfile’s linter minds', (name) => {
    expect(validate(read(name)).map(({ message, range }) => `${range.start.line + 1}: ${message}`)).toEqual([]);
  });

  it.each(files('.Dockerfile'))('%s copies only what there is, and runs as nobody special', (name) => {
    const text = read(name);
    for (const [, path] of text.matchAll(/^COPY (?!--from|\.)(.+) \.\/$/gm)) {
      for (const file of (path ?? '').split(' ')) expect(readdirSync(PROJECT)).toContain(file);
    }
    expect(text).toMatch(/^USER node$/m);
    expect(text).not.toMatch(/:latest/);
  });

  it.each(files('compose.yaml'))('%s is sound', (name) => {
    const compose = Compose.parse(parse(read(name)));
    for (const { build, extends: base, volumes = [] } of Object.values(compose.services)) {
      if (build) expect(readdirSync(FOLDER)).toContain(build.dockerfile.replace('deploy/docker/', ''));
      if (base) expect(Compose.parse(parse(read(base.file))).services).toHaveProperty(base.service);
      for (const volume of volumes.filter((one) => /^[a-z-]+:/.test(one))) {
        expect(Object.keys(compose.volumes ?? {})).toContain(volume.split(':')[0]);
      }
    }
  });
});
