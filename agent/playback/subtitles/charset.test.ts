import { describe, expect, it } from 'vitest';
import { charsetOf } from './charset.ts';

const latin = (text: string) => Buffer.from(text, 'latin1');
/** "Привет, мир" in Windows-1251. */
const RUSSIAN = Buffer.from([0xcf, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2, 0x2c, 0x20, 0xec, 0xe8, 0xf0]);

describe('the encoding of a subtitle file', () => {
  it.each([
    ['UTF-8', Buffer.from('1\n00:00:01,000 --> 00:00:02,000\nGrüße, мир'), null],
    ['plain ASCII', latin('hello'), null],
    ['UTF-16 with its mark', Buffer.from('\ufeffhello', 'utf16le'), null],
    ['an empty file', Buffer.alloc(0), null],
  ])('that is %s needs no language', (_what, bytes, charset) => {
    expect(charsetOf(bytes, null)).toBe(charset);
    expect(charsetOf(bytes, 'rus')).toBe(charset);
  });

  it.each([
    ['pol', 'WINDOWS-1250'],
    ['cs', 'WINDOWS-1250'],
    ['ru', 'WINDOWS-1251'],
    ['gre', 'WINDOWS-1253'],
    ['tr', 'WINDOWS-1254'],
    ['heb', 'WINDOWS-1255'],
    ['ara', 'WINDOWS-1256'],
    ['lt', 'WINDOWS-1257'],
    ['jpn', 'CP932'],
    ['ko', 'CP949'],
    ['zh', 'GB18030'],
    ['zh-TW', 'BIG5'],
    ['zh-CN', 'GB18030'],
    ['pt-BR', 'WINDOWS-1252'],
    ['deu', 'WINDOWS-1252'],
    [null, 'WINDOWS-1252'],
  ])('of an old one is that of its language: %s', (language, charset) => {
    expect(charsetOf(latin('fa\xe7ade, na\xefve, d\xe9j\xe0 vu'), language)).toBe(charset);
  });

  it('of a language that nobody named is told by its look', () => {
    expect(charsetOf(RUSSIAN, null)).toBe('WINDOWS-1251');
    expect(charsetOf(latin('Gr\xfc\xdfe aus M\xfcnchen und K\xf6ln'), null)).toBe('WINDOWS-1252');
  });
});
