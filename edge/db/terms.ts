import { jsonChunks } from './json-rows.ts';

/** Words that are one edit away from a word at most; more are cut off. */
const MAX_NEIGHBOURS = 200;

/** Which of these words the vocabulary lacks. */
export function newWordsStatement(db: D1Database, words: Iterable<string>): D1PreparedStatement {
  return db
    .prepare('SELECT value AS word FROM json_each(?1) WHERE value NOT IN (SELECT term FROM term)')
    .bind(JSON.stringify([...words]));
}

/** Adds words to the vocabulary, each with what is left of it without one letter. */
export function wordStatements(
  db: D1Database,
  words: readonly string[],
  restsOf: (word: string) => readonly string[],
): D1PreparedStatement[] {
  const rests = words.flatMap((word) => restsOf(word).map((rest) => [rest, word]));
  const insertWord = db.prepare('INSERT OR IGNORE INTO term (term) SELECT value FROM json_each(?1)');
  const insertRest = db.prepare(
    'INSERT OR IGNORE INTO term_del (rest, term) SELECT value->>0, value->>1 FROM json_each(?1)',
  );
  return [
    ...jsonChunks(words).map((chunk) => insertWord.bind(chunk)),
    ...jsonChunks(rests).map((chunk) => insertRest.bind(chunk)),
  ];
}

/** Words that have one of these rests too. */
export async function wordsWithRests(db: D1Database, rests: readonly string[]): Promise<string[]> {
  const { results } = await db
    .prepare(
      `SELECT DISTINCT d.term FROM json_each(?1) j CROSS JOIN term_del d ON d.rest = j.value LIMIT ${MAX_NEIGHBOURS}`,
    )
    .bind(JSON.stringify(rests))
    .all<{ term: string }>();
  return results.map((row) => row.term);
}
