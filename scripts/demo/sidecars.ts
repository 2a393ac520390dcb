import type { Story } from './stories.ts';

/** A film's or a series' NFO, as Kodi and Jellyfin write it. */
export function storyNfo(kind: 'movie' | 'tvshow', title: string, year: number, story: Story): string {
  return document(kind, [
    ['title', title],
    ['year', String(year)],
    ...common(story),
    ...story.genres.map((genre) => ['genre', genre] as const),
    ...story.tags.map((tag) => ['tag', tag] as const),
    ['studio', story.studio],
    ...(story.collection ? [['set', [['name', story.collection]]] as const] : []),
    ['director', story.director],
    ['credits', story.writer],
    ...story.cast.map(
      ([name, role]): Element => [
        'actor',
        [
          ['name', name],
          ['role', role],
        ],
      ],
    ),
  ]);
}

/** An episode's NFO. */
export function episodeNfo(title: string, season: number, episode: number, plot: string): string {
  return document('episodedetails', [
    ['title', title],
    ['season', String(season)],
    ['episode', String(episode)],
    ['plot', plot],
  ]);
}

type Element = readonly [name: string, content: string | readonly Element[]];

const common = ({ overview, tagline, rating, certification, premiered }: Story): Element[] => [
  ['plot', overview],
  ['tagline', tagline],
  ['rating', String(rating)],
  ['mpaa', certification],
  ['premiered', premiered],
];

function document(root: string, elements: readonly Element[]): string {
  return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n${written([root, elements], '')}`;
}

function written([name, content]: Element, indent: string): string {
  if (typeof content === 'string') return `${indent}<${name}>${escaped(content)}</${name}>\n`;
  const inner = content.map((element) => written(element, `${indent}  `)).join('');
  return `${indent}<${name}>\n${inner}${indent}</${name}>\n`;
}

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
