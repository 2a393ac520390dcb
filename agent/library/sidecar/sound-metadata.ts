import { Metadata } from '../../../shared/protocol/sync.ts';
import type { SaidMetadata } from './nfo.ts';
import type { SaidSidecar, Sidecar } from './sidecar.ts';

/** The sidecar with what the protocol takes of it, field by field: one that makes no sense does not lose the others. */
export function soundSidecar({ documents, problem }: SaidSidecar): Sidecar {
  return {
    documents: documents.map((document) => ({ ...document, metadata: soundMetadata(document.metadata) })),
    problem,
  };
}

function soundMetadata(said: SaidMetadata): Metadata {
  const kept: SaidMetadata = {};
  for (const [name, schema] of Object.entries(Metadata.shape)) {
    const value = said[name as keyof Metadata];
    if (value === undefined || isEmpty(value)) continue;
    const parsed = schema.safeParse(value);
    if (parsed.success) kept[name as keyof Metadata] = parsed.data;
  }
  return kept as Metadata;
}

const isEmpty = (value: unknown) =>
  value === '' || value === null || (typeof value === 'object' && Object.keys(value).length === 0);
