import type { Claim, SyncBatch } from '../../shared/protocol/sync.ts';
import type { FileKey, FileRow } from '../db/claims.ts';
import { knownNamesOf, nameStatements } from '../db/item-keys.ts';
import { type AnnouncedRoot, rootsStatement } from '../db/roots.ts';
import { newWordsStatement } from '../db/terms.ts';
import { type Identified, identify } from './identify.ts';
import { durationOf } from './lost-files.ts';
import { fileRow, problemRow, type ReadClaim, readClaim } from './rows.ts';
import { wordsOf } from './words.ts';

/** A batch with the items that its claims are of. */
export interface ReadBatch extends Pick<Identified, 'learned' | 'merges'> {
  /** Library ids by root id; 0 for a root that is in none. */
  roots: ReadonlyMap<string, number>;
  /** What is claimed of roots in no library counts as gone. */
  claims: readonly Claim[];
  /** Rows of the claims that are not `gone`. */
  rows: readonly FileRow[];
  gone: readonly FileKey[];
  readOf: ReadonlyMap<Claim, { read: ReadClaim; topKey: string }>;
  newWords: readonly string[];
  tookMs: number;
}

/**
 * Works out what each claim says and which item it is of. What it learns of names holds until the transaction unless
 * another agent names the same titles at this moment; then the next claim of one of them finds it.
 */
export async function readBatch(db: D1Database, agentId: string, batch: SyncBatch): Promise<ReadBatch> {
  const [site, announced] = await db.batch([
    db.prepare('SELECT site_id AS id FROM agent WHERE id = ?1').bind(agentId),
    rootsStatement(db, agentId),
  ]);
  const siteId = (site?.results[0] as { id: number } | undefined)?.id;
  const known = (announced?.results ?? []) as unknown as AnnouncedRoot[];
  const roots = new Map(known.map((root) => [root.id, root.libraryId]));
  const claims = batch.claims.map((claim) => (roots.get(claim.root) === 0 ? withdrawn(claim) : claim));
  const present = claims.filter((claim) => claim.state === 'present');
  const reads = await Promise.all(present.map((claim) => readClaim(claim, siteId ?? 0)));
  const names = reads.map((read) => read.name);
  const results = await db.batch([...nameStatements(db, names), newWordsStatement(db, wordsOf(textsOf(reads)))]);
  const { keys, learned, merges } = identify(names, knownNamesOf(results));
  const readOf = new Map<Claim, { read: ReadClaim; topKey: string }>(
    reads.map((read, i) => [read.claim, { read, topKey: keys[i] as string }]),
  );
  const rows: FileRow[] = [];
  const gone: FileKey[] = [];
  for (const claim of claims) {
    const known = readOf.get(claim);
    if (known) rows.push(fileRow(known.read, known.topKey));
    else if (claim.state === 'problem') rows.push(problemRow(claim));
    else gone.push(claim);
  }
  const newWords = ((results[3]?.results ?? []) as { word: string }[]).map((row) => row.word);
  return { roots, claims, rows, gone, readOf, learned, merges, newWords, tookMs: durationOf(results) };
}

const withdrawn = ({ root, pathHash, rev }: Claim): Claim => ({ state: 'gone', root, pathHash, rev });

/** What people search for by its words. */
function* textsOf(reads: readonly ReadClaim[]): Generator<string> {
  for (const { claim, own, series } of reads) {
    const { work } = claim;
    if (work.title !== null) yield work.title;
    if (work.kind === 'episode') yield work.series;
    for (const metadata of [claim.metadata, claim.seriesMetadata])
      if (metadata?.originalTitle) yield metadata.originalTitle;
    for (const { facets } of [own, series].filter((one) => one !== null)) for (const facet of facets) yield facet.name;
  }
}
