import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const PROJECT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Where the built parts lie. */
export const BUILD = {
  edge: join(PROJECT, 'dist', 'edge'),
  web: join(PROJECT, 'dist', 'web'),
  agent: join(PROJECT, 'dist', 'agent'),
} as const;
