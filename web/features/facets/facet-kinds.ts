/** What titles have in common, as addresses and the API name it, in the order in which it is offered. */
export const FACET_LISTS = {
  genres: { title: 'Genres', none: 'Genres come with the NFO files or the tags of your films.' },
  people: { title: 'People', none: 'Actors, directors and writers come with the NFO files of your films.' },
  collections: { title: 'Collections', none: 'Films of one set come together by their NFO files, or by hand.' },
  studios: { title: 'Studios', none: 'Studios come with the NFO files of your films.' },
  tags: { title: 'Tags', none: 'Tags come with the NFO files of your films, or by hand.' },
} as const;

export type FacetList = keyof typeof FACET_LISTS;

export const isFacetList = (text: string): text is FacetList => text in FACET_LISTS;
