import type { Extra, ExtraKind } from '../../../shared/protocol/sync.ts';
import { tidyTitle } from './release.ts';

/** Jellyfin's names of folders and endings. Null is passed over: samples, and what plays behind menus. */
const FOLDERS: Readonly<Record<string, ExtraKind | null>> = {
  trailer: 'trailer',
  trailers: 'trailer',
  'behind the scenes': 'behindthescenes',
  'deleted scenes': 'deleted',
  featurettes: 'featurette',
  featurette: 'featurette',
  interview: 'interview',
  interviews: 'interview',
  scenes: 'scene',
  shorts: 'short',
  clips: 'clip',
  extra: 'other',
  extras: 'other',
  other: 'other',
  bonus: 'other',
  sample: null,
  samples: null,
  backdrops: null,
  'theme-music': null,
};

const ENDINGS: Readonly<Record<string, ExtraKind>> = {
  trailer: 'trailer',
  behindthescenes: 'behindthescenes',
  deleted: 'deleted',
  deletedscene: 'deleted',
  featurette: 'featurette',
  interview: 'interview',
  scene: 'scene',
  short: 'short',
  clip: 'clip',
  other: 'other',
  extra: 'other',
};

const ENDING = /^(.*?)[-._]([a-z]+)\d*$/i;
const SAMPLE = /(?:^|[\s._-])sample$|^theme$/i;

/** What a folder beside a film holds; undefined where its name says nothing of the kind. */
export function extrasFolderKind(name: string): ExtraKind | null | undefined {
  return FOLDERS[name.toLowerCase()];
}

/** What a file is by its ending, and what stands before it; null for a sample, undefined for a work of its own. */
export function extraOfStem(stem: string): { kind: ExtraKind; before: string } | null | undefined {
  if (SAMPLE.test(stem)) return null;
  if (stem.toLowerCase() === 'trailer') return { kind: 'trailer', before: '' };
  const [, before = '', ending = ''] = ENDING.exec(stem) ?? [];
  const kind = ENDINGS[ending.toLowerCase()];
  // A film may be called "The Short": only behind a dash such a word is an ending.
  return kind && stem[before.length] === '-' ? { kind, before } : undefined;
}

/** An extra as it is told: with a title of its own where its name has one beside that of its film. */
export function extraOf(kind: ExtraKind, before: string, owner: string): Extra {
  const same = before === '' || owner.toLowerCase().startsWith(before.toLowerCase());
  const title = same ? '' : tidyTitle(before).slice(0, 500);
  return { kind, title: title || null };
}
