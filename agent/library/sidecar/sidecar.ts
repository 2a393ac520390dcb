import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { Metadata } from '../../../shared/protocol/sync.ts';
import { idsInLinks } from './external-ids.ts';
import { documentOf, type SaidMetadata, type SidecarDocument } from './nfo.ts';
import { MalformedXml, parseXml } from './xml.ts';

/** What a sidecar file says; `problem` is a sentence for the owner where it cannot be read. */
export interface Sidecar<M = Metadata> {
  documents: SidecarDocument<M>[];
  problem: string | null;
}

/** The same as it was read, before it is held against the protocol. */
export type SaidSidecar = Sidecar<SaidMetadata>;

/** No one writes a megabyte about a film. */
const MAX_SIDECAR_BYTES = 1024 * 1024;

/** Reads an NFO file. Blocks while the disk works; throws the file system's error, and nothing else. */
export function readSidecar(path: string): SaidSidecar {
  const fd = openSync(path, 'r');
  try {
    const { size } = fstatSync(fd);
    if (size > MAX_SIDECAR_BYTES)
      return { documents: [], problem: 'It is larger than 1 MB: no NFO that was written for a film.' };
    const bytes = Buffer.alloc(size);
    return sidecarOf(bytes.subarray(0, readSync(fd, bytes, 0, size, 0)));
  } finally {
    closeSync(fd);
  }
}

/**
 * Reads the content of an NFO: XML, an address of a catalogue, or both. Prose and release notes, which the same
 * ending is used for, say nothing and are no problem.
 */
export function sidecarOf(bytes: Buffer): SaidSidecar {
  const text = decoded(bytes).trimStart();
  const linked = links(text);
  if (!text.startsWith('<')) return { documents: linked, problem: null };
  try {
    const { elements, rest } = parseXml(text);
    const documents = elements.map(documentOf).filter((document) => document !== null);
    return {
      documents: documents.length > 0 ? documents.map((document) => withLinks(document, rest)) : linked,
      problem: null,
    };
  } catch (error) {
    if (!(error instanceof MalformedXml)) throw error;
    return { documents: linked, problem: `The NFO file is broken: ${error.message}`.slice(0, 500) };
  }
}

function links(text: string): SidecarDocument<SaidMetadata>[] {
  const externalIds = idsInLinks(text);
  if (Object.keys(externalIds).length === 0) return [];
  const nothing = { title: null, series: null, year: null, season: null, episode: null };
  return [{ kind: 'links', ...nothing, metadata: { externalIds } }];
}

/** An address behind the XML counts where the XML has no id of its own. */
function withLinks(document: SidecarDocument<SaidMetadata>, rest: string): SidecarDocument<SaidMetadata> {
  const { metadata } = document;
  if (Object.keys(metadata.externalIds ?? {}).length > 0) return document;
  const externalIds = idsInLinks(rest);
  return Object.keys(externalIds).length > 0 ? { ...document, metadata: { ...metadata, externalIds } } : document;
}

/** UTF-8, UTF-16 by its mark, or what old Windows programs wrote. */
function decoded(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}
