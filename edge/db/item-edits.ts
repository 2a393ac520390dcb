import type { Bindings } from '../bindings.ts';
import type { FacetRow, FacetUse } from '../catalog/facets.ts';
import { deriveStatements, newStamp } from './derived-items.ts';
import { facetStatements } from './item-facets.ts';
import { indexStatements } from './item-indexes.ts';
import { newWordsStatement, wordStatements } from './terms.ts';

/** What an admin has said of an item, as `item_edit` keeps it. */
export interface ItemEdit {
  /** By name, also null; `sort` and `age` are made of what was said. */
  fields: Readonly<Record<string, string | number | null>>;
  facetKinds: readonly string[];
  facets: readonly FacetUse[];
}

/** What an admin has said of an item; null for nothing. */
export async function itemEdit({ DB }: Pick<Bindings, 'DB'>, itemId: number): Promise<ItemEdit | null> {
  const row = await DB.prepare('SELECT fields, facet_kinds AS facetKinds, facets FROM item_edit WHERE item_id = ?1')
    .bind(itemId)
    .first<Record<'fields' | 'facetKinds' | 'facets', string>>();
  if (!row) return null;
  const { fields, facetKinds, facets } = row;
  return { fields: JSON.parse(fields), facetKinds: JSON.parse(facetKinds), facets: JSON.parse(facets) };
}

/** Keeps what an admin says of an item (null: nothing any more), and brings all that is made of it to that. */
export async function saveItemEdit(
  { DB }: Pick<Bindings, 'DB'>,
  itemId: number,
  edit: ItemEdit | null,
  facets: readonly FacetRow[],
  words: Iterable<string>,
  restsOf: (word: string) => readonly string[],
  now: number,
): Promise<void> {
  const touched = { keys: [], ids: [itemId], stamp: newStamp(now), now };
  const { results } = await newWordsStatement(DB, words).all<{ word: string }>();
  const kept = edit
    ? DB.prepare(
        `INSERT INTO item_edit (item_id, fields, facet_kinds, facets, edited_at) VALUES (?1, ?2, ?3, ?4, ?5)
        ON CONFLICT (item_id) DO UPDATE SET fields = excluded.fields, facet_kinds = excluded.facet_kinds,
          facets = excluded.facets, edited_at = excluded.edited_at`,
      ).bind(
        ...[itemId, JSON.stringify(edit.fields), JSON.stringify(edit.facetKinds), JSON.stringify(edit.facets), now],
      )
    : DB.prepare('DELETE FROM item_edit WHERE item_id = ?1').bind(itemId);
  await DB.batch([
    ...facetStatements(DB, facets, touched.stamp),
    ...wordStatements(
      DB,
      results.map((row) => row.word),
      restsOf,
    ),
    kept,
    // Marked as changed, also where its own row says nothing of what was: its facets and its words follow.
    DB.prepare('UPDATE item SET edited = ?2, chg = ?3 WHERE id = ?1').bind(itemId, edit ? 1 : 0, touched.stamp),
    ...deriveStatements(DB, touched),
    ...indexStatements(DB, touched),
  ]);
}
