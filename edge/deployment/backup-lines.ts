import { HearthcastError } from '../../shared/errors.ts';
import type { Row } from '../db/backup-rows.ts';
import { BACKUP_VERSION } from './backup-export.ts';
import { type ColumnType, KEPT_TABLES } from './backup-tables.ts';

/** The longest line: a title with its names has a few hundred characters. */
const MAX_LINE = 256 * 1024;

/** What a file may unfold to: a small one can hold terabytes of zeros. */
const MAX_BYTES = 4 * 1024 ** 3;

export type BackupRecord = { kind: string; row: Row; line: number };

/**
 * Reads a backup (gzipped JSON lines) record by record. Throws `bad-request` with the number of the line for what is
 * no backup, was cut off, or was made by a newer release.
 */
export async function* readBackup(file: ReadableStream<Uint8Array>): AsyncGenerator<BackupRecord> {
  let number = 0;
  let records = 0;
  let ended = false;
  for await (const text of textLines(file)) {
    number++;
    const [kind, value] = entryOf(text, number);
    if (number === 1) checkHead(kind, value);
    else if (ended) throw wrong(number, 'there is something behind its end');
    else if (kind === 'end') {
      ended = true;
      if (value.records !== records) throw wrong(number, `${records} records came, ${value.records} were announced`);
    } else {
      records++;
      yield { kind, row: rowOf(kind, value, number), line: number };
    }
  }
  if (!ended) throw wrong(number, 'it has no end: the file was cut off');
}

function checkHead(kind: string, head: Record<string, unknown>): void {
  if (kind !== 'head' || head.format !== 'hearthcast-backup') throw notABackup();
  if (typeof head.version !== 'number' || head.version > BACKUP_VERSION) {
    const release = typeof head.release === 'string' ? ` (${head.release.slice(0, 40)})` : '';
    throw new HearthcastError(
      'bad-request',
      `The backup was made by a newer release${release}. Upgrade this one first.`,
    );
  }
}

function entryOf(text: string, line: number): [kind: string, value: Record<string, unknown>] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw line === 1 ? notABackup() : wrong(line, 'it is not JSON');
  }
  const entries = parsed !== null && typeof parsed === 'object' ? Object.entries(parsed) : [];
  const [kind, value] = entries[0] ?? [];
  if (entries.length !== 1 || kind === undefined || value === null || typeof value !== 'object') {
    throw line === 1 ? notABackup() : wrong(line, 'it is no record');
  }
  return [kind, value as Record<string, unknown>];
}

/** The row of a line, with the default of each column that an older release did not know. */
function rowOf(kind: string, value: Record<string, unknown>, line: number): Row {
  const table = Object.hasOwn(KEPT_TABLES, kind) ? KEPT_TABLES[kind] : undefined;
  if (!table) throw wrong(line, 'it is of a kind that this release does not know');
  const row: Row = {};
  for (const [column, type] of Object.entries(table.columns)) {
    const cell = value[column] ?? table.defaults?.[column] ?? null;
    if (!fits(cell, type)) throw wrong(line, `${kind}.${column} is not what it must be`);
    row[column] = cell;
  }
  return row;
}

function fits(cell: unknown, type: ColumnType): cell is Row[string] {
  if (cell === null) return type.endsWith('?');
  return type.startsWith('integer') ? Number.isSafeInteger(cell) : typeof cell === 'string';
}

async function* textLines(file: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = file
    .pipeThrough(new DecompressionStream('gzip'))
    .pipeThrough(new TextDecoderStream('utf-8', { fatal: true }))
    .getReader();
  let rest = '';
  let bytes = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read().catch(() => {
        throw bytes === 0 ? notABackup() : new HearthcastError('bad-request', 'The backup was cut off or damaged.');
      });
      if (done) break;
      bytes += value.length;
      if (bytes > MAX_BYTES) throw new HearthcastError('too-large', 'The backup is larger than any can be.');
      const lines = (rest + value).split('\n');
      rest = lines.pop() ?? '';
      if (rest.length > MAX_LINE) throw notABackup();
      for (const line of lines) if (line !== '') yield line;
    }
    if (rest !== '') yield rest;
  } finally {
    await reader.cancel().catch(() => {});
  }
}

const notABackup = () => new HearthcastError('bad-request', 'This file is not a backup of Hearthcast.');
const wrong = (line: number, why: string) =>
  new HearthcastError('bad-request', `The backup cannot be read at line ${line}: ${why}.`);
