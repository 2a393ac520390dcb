/** What a value of a column may be; a question mark allows null. */
export type ColumnType = 'integer' | 'text' | 'integer?' | 'text?';

/** What the numbers of a column point at, where they may be other numbers in the deployment that takes them. */
export type Reference = 'site' | 'library' | 'facet' | 'item' | 'libraries' | 'counted';

/** One table of a backup: which of its columns, in which order its rows come, and what they point at. */
export interface KeptTable {
  readonly columns: Readonly<Record<string, ColumnType>>;
  /** Columns that order the rows and tell each from the others: an index, so that a page reads only itself. */
  readonly key: readonly string[];
  /** A condition on `t`, where not every row is kept. */
  readonly where?: string;
  readonly references?: Readonly<Record<string, Reference>>;
  /** Rows that another deployment may have already, under another number, are told by this column. */
  readonly name?: string;
  /** Of columns that files of older releases lack, and that may not be null. */
  readonly defaults?: Readonly<Record<string, string | number>>;
  /** Columns that are left out: derived, or told by agents again. */
  readonly derived?: readonly string[];
  /** Columns that a restored row has beside those of the file, and their values in SQL. */
  readonly restored?: Readonly<Record<string, string>>;
}

/**
 * What people made, and what it hangs on, in an order in which a row follows what it points at. Columns that are
 * derived from agents' claims are left out: they come back with the first synchronisation.
 */
export const KEPT_TABLES: Readonly<Record<string, KeptTable>> = {
  setting: { columns: { name: 'text', value: 'text', updated_at: 'integer' }, key: ['name'] },
  site: {
    columns: { id: 'integer', name: 'text', created_at: 'integer', uplink_kbps: 'integer?' },
    key: ['id'],
    name: 'name',
  },
  // Machines come back without a new code: their keys are with them.
  agent: {
    columns: {
      ...{ id: 'text', site_id: 'integer', name: 'text', public_key: 'text', created_at: 'integer' },
      direct_off: 'integer?',
    },
    key: ['id'],
    derived: ['version', 'capabilities', 'last_seen_at', 'sync_epoch', 'sync_revision', 'sync_complete', 'removed_at'],
    where: 't.removed_at IS NULL',
    references: { site_id: 'site' },
  },
  library: {
    columns: { id: 'integer', name: 'text', bit: 'integer', created_at: 'integer', rescan_minutes: 'integer?' },
    key: ['id'],
    derived: ['items', 'deleted_at'],
    where: 't.deleted_at IS NULL',
    name: 'name',
  },
  root: {
    columns: { agent_id: 'text', id: 'text', library_id: 'integer', name: 'text' },
    key: ['agent_id', 'id'],
    derived: ['state', 'scan', 'scan_at', 'watch'],
    where: 't.library_id IN (SELECT id FROM library WHERE deleted_at IS NULL)',
    references: { library_id: 'library' },
    restored: { state: "'offline'" },
  },
  facet: {
    columns: { id: 'integer', key: 'text', kind: 'text', name: 'text', sort_name: 'text' },
    key: ['id'],
    where: `t.id IN (SELECT facet_id FROM hidden_facet UNION SELECT ref_id FROM watch_count WHERE kind <> 'item')`,
    name: 'key',
    derived: ['items', 'born', 'blocks'],
    restored: { born: '0' },
  },
  /** Titles that people's data hang on. Hidden until an agent claims a file of theirs again. */
  item: {
    columns: {
      id: 'integer',
      key: 'text',
      kind: 'text',
      browse: 'integer',
      parent_id: 'integer?',
      root_id: 'integer?',
      season: 'integer?',
      idx: 'integer?',
      title: 'text',
      sort_title: 'text',
      year: 'integer?',
      added_at: 'integer',
      merged: 'integer',
      edited: 'integer',
    },
    key: ['id'],
    derived: [
      'extra',
      'lib_mask',
      'duration_ms',
      'episodes',
      'images',
      'chg',
      'deleted_at',
      'rating',
      'age',
      'described',
      'traits',
    ],
    defaults: { edited: 0 },
    references: { parent_id: 'item', root_id: 'item' },
    name: 'key',
    restored: { deleted_at: '0', episodes: "CASE WHEN r.value->>'kind' IN ('series', 'season') THEN 0 END" },
  },
  /** What admins said of titles. */
  item_edit: {
    columns: { item_id: 'integer', fields: 'text', facet_kinds: 'text', facets: 'text', edited_at: 'integer' },
    key: ['item_id'],
    references: { item_id: 'item' },
  },
  /** What else the titles are called: external ids, other spellings. */
  item_key: { columns: { key: 'text', item_id: 'integer' }, key: ['key'], references: { item_id: 'item' } },
  item_alias: {
    columns: { item_id: 'integer', target_id: 'integer', by_hand: 'integer', made_at: 'integer' },
    key: ['item_id'],
    references: { item_id: 'item', target_id: 'item' },
  },
  item_apart: {
    columns: { low_id: 'integer', high_id: 'integer' },
    key: ['low_id', 'high_id'],
    references: { low_id: 'item', high_id: 'item' },
  },
  user: {
    columns: {
      id: 'integer',
      name: 'text',
      role: 'text',
      password_hash: 'text',
      created_at: 'integer',
      disabled_at: 'integer?',
      signed_out_at: 'integer',
      account_id: 'integer?',
      profile_name: 'text?',
      pin_hash: 'text?',
    },
    key: ['id'],
    derived: ['pin_failures', 'pin_tried_at'],
  },
  user_restriction: {
    columns: { user_id: 'integer', lib_mask: 'integer?', max_age: 'integer?' },
    key: ['user_id'],
    references: { lib_mask: 'libraries' },
  },
  user_limit: {
    columns: { user_id: 'integer', max_streams: 'integer?', max_remote_kbps: 'integer?' },
    key: ['user_id'],
  },
  user_hidden: { columns: { user_id: 'integer', facets: 'text' }, key: ['user_id'] },
  api_key: {
    columns: {
      id: 'text',
      user_id: 'integer',
      name: 'text',
      prefix: 'text',
      hash: 'text',
      scopes: 'text',
      created_at: 'integer',
      expires_at: 'integer?',
    },
    key: ['id'],
    derived: ['last_used_at', 'ended_at'],
    where: 't.ended_at IS NULL',
  },
  user_item: {
    columns: {
      user_id: 'integer',
      item_id: 'integer',
      position_ms: 'integer',
      played: 'integer',
      plays: 'integer',
      favorite: 'integer',
      updated_at: 'integer',
      rating: 'integer?',
    },
    key: ['user_id', 'item_id'],
    references: { item_id: 'item' },
  },
  user_parent: {
    columns: {
      user_id: 'integer',
      item_id: 'integer',
      played: 'integer',
      last_season: 'integer?',
      last_idx: 'integer?',
      updated_at: 'integer',
    },
    key: ['user_id', 'item_id'],
    references: { item_id: 'item' },
  },
  history: {
    columns: { user_id: 'integer', at: 'integer', item_id: 'integer' },
    key: ['user_id', 'at', 'item_id'],
    references: { item_id: 'item' },
  },
  playlist: {
    columns: { id: 'integer', user_id: 'integer', name: 'text', items: 'integer', updated_at: 'integer' },
    key: ['id'],
  },
  playlist_item: {
    columns: { playlist_id: 'integer', place: 'integer', item_id: 'integer' },
    key: ['playlist_id', 'place'],
    references: { item_id: 'item' },
  },
  watch_count: {
    columns: { user_id: 'integer', kind: 'text', ref_id: 'integer', plays: 'integer', watched_ms: 'integer' },
    key: ['user_id', 'kind', 'ref_id'],
    references: { ref_id: 'counted' },
  },
  scan_hook: {
    columns: {
      id: 'integer',
      token_hash: 'text',
      name: 'text',
      library_id: 'integer?',
      created_at: 'integer',
    },
    key: ['id'],
    derived: ['last_used_at'],
    references: { library_id: 'library' },
  },
  watch_day: {
    columns: { user_id: 'integer', day: 'integer', plays: 'integer', watched_ms: 'integer' },
    key: ['user_id', 'day'],
  },
};

/** Every other table, and why a backup does without it. A table that is in neither list fails the tests. */
export const LEFT_OUT: Readonly<Record<string, string>> = {
  auth_session: 'people sign in again',
  reset_code: 'lives for an hour',
  invitation: 'lives for days; made anew',
  pairing: 'lives for minutes',
  enrolment: 'lives for minutes',
  signing_key: 'belongs to the secret of a deployment',
  audit: 'is exported on its own',
  agent_epoch: 'an agent begins anew where it is not known',
  library_item: 'derived from items',
  item_detail: 'derived from claims',
  item_fts: 'derived from items',
  file: 'claims, which agents send again',
  image: 'announced by agents again',
  description: 'claims, which agents send again',
  item_facet: 'derived from claims',
  facet_item: 'derived from claims',
  facet_block: 'derived from claims',
  facet_fts: 'derived from facets',
  term: 'derived from titles',
  term_del: 'derived from titles',
  rset: 'kept with each person, as user_hidden',
  hidden_facet: 'kept with each person, as user_hidden',
  root_move: 'belongs to files, which are claimed again',
  scan_run: 'tells of scans that are over',
  backfill: 'belongs to a schema',
  backup: 'is about the backups themselves',
  narrow_set: 'derived from restrictions',
  narrow_item: 'derived from items',
  narrow_facet: 'derived from items',
  shown_epoch: 'belongs to the secret of a deployment',
  restored: 'lives for one restoration',
};
