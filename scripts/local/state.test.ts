import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { UsageError } from './options.ts';
import { explain, explainEdge, loadState } from './state.ts';

const dir = mkdtempSync(join(tmpdir(), 'hearthcast-state-'));
afterAll(() => rmSync(dir, { recursive: true }));

describe('the secrets of a data folder', () => {
  it('are made once, for this user alone, and stay', () => {
    const first = loadState(join(dir, 'new'));
    expect(Buffer.from(first.secret, 'base64url')).toHaveLength(32);
    expect(first.setupCode).toMatch(/^[A-HJ-NP-Z2-9]{4}-[A-HJ-NP-Z2-9]{4}$/);
    expect(loadState(join(dir, 'new'))).toEqual(first);
    expect(statSync(join(dir, 'new', 'hearthcast.json')).mode & 0o777).toBe(0o600);
  });

  it('are never overwritten when the file is damaged', () => {
    const file = join(dir, 'hearthcast.json');
    writeFileSync(file, '{"version":1,"secr');
    expect(() => loadState(dir)).toThrow(UsageError);
    expect(() => loadState(dir)).toThrow(/damaged.*backup/);
    expect(readFileSync(file, 'utf8')).toBe('{"version":1,"secr');
  });

  it('say what to do where the folder is a file', () => {
    writeFileSync(join(dir, 'file'), '');
    expect(() => loadState(join(dir, 'file'))).toThrow(/not a folder.*--data/);
  });

  it.each([
    ['EACCES', /cannot be written.*--data/],
    ['EROFS', /cannot be written/],
    ['ENOSPC', /disk .* is full.*free some space/],
  ])('say what to do after %s', (code, sentence) => {
    expect(explain(Object.assign(new Error('x'), { code }), '/d', '/d/f').message).toMatch(sentence);
  });

  it.each([
    ['file is not a database: SQLITE_NOTADB', /damaged; nothing was changed. Restore/],
    ['database or disk is full: SQLITE_FULL', /disk .* is full/],
    ['something else', /edge\.log says why/],
  ])('say what to do when the edge ends with "%s"', (log, sentence) => {
    expect(explainEdge(new Error('startup failed'), log, '/d').message).toMatch(sentence);
  });
});
