import { stat } from 'node:fs/promises';
import { type Finding, ok, warning } from '../../finding.ts';
import type { Mapping } from './mapped-file.ts';

/** Whether the folders of other machines are there that this one was said to have too. Never rejects. */
export async function mappingFindings(mappings: readonly Mapping[]): Promise<Finding[]> {
  return Promise.all(
    mappings.map(async ({ agent, root, path }) => {
      const found = await stat(path).catch(() => null);
      const about = `mapping of ${root}`;
      if (found?.isDirectory()) return ok(about, `${path}, a folder of ${agent}`);
      return warning(
        about,
        `${path} is not there`,
        'Mount it, or correct [[mappings]]: its films are read over the network.',
      );
    }),
  );
}
