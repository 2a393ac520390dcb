/**
 * Words that scene and store releases put behind a title: whatever follows the first of them is not the title.
 * Only words that no title would use alone; anything doubtful counts as title.
 */
const TAG =
  /^(?:(?:480|540|576|720|1080|1440|2160|4320)[pi]|4k|8k|uhd|fhd|hdr|hdr10|hdr10\+|dv|dovi|hlg|sdr|10bit|8bit|12bit|x26[45]|h26[45]|h\.?26[45]|avc|hevc|xvid|divx|av1|vp9|mpeg2|blu-?ray|bdrip|brrip|bdremux|remux|web|web-?dl|web-?rip|webhd|hdtv|pdtv|sdtv|dsr|dvd|dvdrip|dvd5|dvd9|dvdscr|hdrip|hdcam|telesync|cam|vhsrip|tvrip|satrip|aac(?:2\.0|5\.1)?|ac3|e-?ac3|ddp?(?:\+|2\.0|5\.1|7\.1)?|dts(?:-?hd|-?x|-?es)?|truehd|atmos|flac|opus|mp3|[257]\.1|2\.0|6ch|2ch|proper|repack|rerip|internal|limited|unrated|uncut|extended|remastered|imax|retail|multi|dual|dubbed|subbed|nf|amzn|dsnp|hmax|atvp|hulu|itunes|complete|criterion|open-?matte|hybrid|3d|hsbs|hou|ita|eng|ger|german|french|spanish|vostfr|truefrench)$/i;

/** Those of the tags that are also ordinary words, and end a title only behind a year or before another tag. */
const ORDINARY =
  /^(?:web|cam|dual|multi|complete|limited|internal|extended|uncut|unrated|proper|retail|dv|sdr|3d|ita|eng|ger|german|french|spanish|hybrid|imax|dvd|remastered|criterion|hulu|opus|dd|nf)$/i;

/** Takes everything in square brackets or braces away: groups, checksums, ids such as `[tmdbid-603]`. */
export function withoutBrackets(name: string): string {
  return name.replace(/\[[^\]]*\]|\{[^}]*\}/g, ' ');
}

/** Dots and underscores are spaces where a name has no real ones. */
export function spaced(name: string): string {
  const dotted = !/\s/.test(name.trim()) || /\.[^.\s]+\.[^.\s]+\./.test(name);
  return (dotted ? name.replace(/[._]+/g, ' ') : name.replace(/_+/g, ' ')).replace(/\s+/g, ' ').trim();
}

/** How many of these words, from the first, are the title: those before the first release tag. */
export function titleLength(words: readonly string[], afterYear = false): number {
  for (let i = afterYear ? 0 : 1; i < words.length; i++) {
    const word = bare(words[i] as string);
    if (!TAG.test(word)) continue;
    if (!ORDINARY.test(word) || afterYear || TAG.test(bare(words[i + 1] ?? ''))) return i;
  }
  return words.length;
}

/** Cuts the release tags off and tidies what is left; empty when nothing is. */
export function tidyTitle(text: string): string {
  const words = spaced(withoutBrackets(text)).split(' ').filter(Boolean);
  return trimmed(words.slice(0, titleLength(words)).join(' '));
}

/** Without dashes, dots and brackets at the ends that a cut left over. */
export function trimmed(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/^[\s\-–—_.,:;)+]+/, '')
    .replace(/[\s\-–—_,:;(+]+$/, '')
    .replace(/\(\s*\)/g, '')
    .trim();
}

/** For telling whether two names mean one title: letters and digits only, no case, no accents. */
export function folded(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/&/g, 'and')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '');
}

const bare = (word: string) =>
  word.replace(/^[(\-–]+|[),\-–]+$/g, '').replace(/-[a-z0-9]+$/i, (tail) => (KEPT.test(word) ? tail : ''));

/** Tags that have a hyphen of their own; behind any other a hyphen begins the group's name. */
const KEPT = /^(?:blu-?ray|web-?dl|web-?rip|dts-(?:hd|x|es)|e-ac3|open-matte)$/i;
