import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { ItemKind } from '../../shared/api/items.ts';
import type { MediaInfo } from '../../shared/media/media-info.ts';
import type { Capabilities } from '../../shared/protocol/capabilities.ts';

/**
 * The tables that typed queries read, as migrations/ makes them (a test compares). Indexes, full text and
 * WITHOUT ROWID are the migrations' alone, and the statements of ingest and of pages are written out in SQL.
 */
export const site = sqliteTable('site', {
  id: integer().primaryKey({ autoIncrement: true }),
  name: text().notNull(),
  createdAt: integer('created_at').notNull(),
  uplinkKbps: integer('uplink_kbps'),
});

export const agent = sqliteTable('agent', {
  id: text().primaryKey(),
  siteId: integer('site_id').notNull(),
  name: text().notNull(),
  publicKey: text('public_key').notNull(),
  version: text(),
  capabilities: text({ mode: 'json' }).$type<Capabilities>(),
  lastSeenAt: integer('last_seen_at'),
  syncEpoch: text('sync_epoch'),
  syncRevision: integer('sync_revision').notNull().default(0),
  syncComplete: integer('sync_complete').notNull().default(0),
  createdAt: integer('created_at').notNull(),
  removedAt: integer('removed_at'),
  directOff: integer('direct_off'),
});

export const library = sqliteTable('library', {
  id: integer().primaryKey({ autoIncrement: true }),
  name: text().notNull(),
  bit: integer().notNull().unique(),
  items: integer().notNull().default(0),
  createdAt: integer('created_at').notNull(),
  deletedAt: integer('deleted_at'),
  rescanMinutes: integer('rescan_minutes'),
});

export const root = sqliteTable(
  'root',
  {
    agentId: text('agent_id').notNull(),
    id: text().notNull(),
    libraryId: integer('library_id').notNull(),
    name: text().notNull(),
    /** `removed` is one that an admin shares no more: its claims go by themselves, and it comes back when it is named again. */
    state: text().$type<'ok' | 'offline' | 'unreadable' | 'removed'>().notNull(),
    scan: text(),
    scanAt: integer('scan_at'),
    watch: text().$type<'ok' | 'polling' | 'failed'>(),
  },
  (table) => [primaryKey({ columns: [table.agentId, table.id] })],
);

export const item = sqliteTable('item', {
  id: integer().primaryKey({ autoIncrement: true }),
  key: text().notNull().unique(),
  kind: text().$type<ItemKind>().notNull(),
  browse: integer().notNull(),
  parentId: integer('parent_id'),
  rootId: integer('root_id'),
  season: integer(),
  idx: integer(),
  title: text().notNull(),
  sortTitle: text('sort_title').notNull(),
  year: integer(),
  libMask: integer('lib_mask').notNull().default(0),
  addedAt: integer('added_at').notNull(),
  durationMs: integer('duration_ms'),
  episodes: integer(),
  images: text(),
  chg: integer().notNull().default(0),
  deletedAt: integer('deleted_at'),
  rating: integer(),
  age: integer(),
  described: text(),
  traits: text(),
  merged: integer().notNull().default(0),
  edited: integer().notNull().default(0),
  extra: text(),
});

export const file = sqliteTable('file', {
  id: integer().primaryKey({ autoIncrement: true }),
  agentId: text('agent_id').notNull(),
  root: text().notNull(),
  pathHash: text('path_hash').notNull(),
  epoch: text().notNull(),
  rev: integer().notNull(),
  itemId: integer('item_id'),
  path: text().notNull(),
  size: integer().notNull(),
  mtimeMs: integer('mtime_ms').notNull(),
  fingerprint: text(),
  problem: text(),
  problemDetail: text('problem_detail'),
  deletedAt: integer('deleted_at'),
  durationMs: integer('duration_ms'),
  work: text(),
  images: text(),
  media: text({ mode: 'json' }).$type<MediaInfo>(),
});

export const userItem = sqliteTable(
  'user_item',
  {
    userId: integer('user_id').notNull(),
    itemId: integer('item_id').notNull(),
    positionMs: integer('position_ms').notNull().default(0),
    played: integer().notNull().default(0),
    plays: integer().notNull().default(0),
    favorite: integer().notNull().default(0),
    updatedAt: integer('updated_at').notNull(),
    rating: integer(),
  },
  (table) => [primaryKey({ columns: [table.userId, table.itemId] })],
);
