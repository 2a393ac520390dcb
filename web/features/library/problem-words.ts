/** What a problem is and what to do, in words. Codes as the machines report them. */
const WORDS: Readonly<Record<string, { what: string; todo: string }>> = {
  empty: {
    what: 'The file is empty',
    todo: 'It was probably never copied to its end. Copy it again, or delete it.',
  },
  'not-media': {
    what: 'This is not a film',
    todo: 'It has a film’s name but nothing in it can be played. Delete it, or keep it outside the library’s folders.',
  },
  truncated: {
    what: 'The file ends too early',
    todo: 'The copy or the download stopped in the middle. Copy it again from where it came.',
  },
  unreadable: {
    what: 'The file may not be read',
    todo: 'Give the account that runs the agent the right to read it, then scan again.',
  },
  vanished: {
    what: 'The file went away while it was read',
    todo: 'If it was being moved, the next scan finds it. Nothing else to do.',
  },
  'name-too-odd': {
    what: 'The name cannot be used',
    todo: 'It has characters that are no text. Rename the file.',
  },
  'probe-timeout': {
    what: 'Reading it took too long',
    todo: 'The disk may be slow or failing. Check it, then scan again.',
  },
  'too-many-streams': {
    what: 'It has too many tracks',
    todo: 'Remux it with fewer audio or subtitle tracks.',
  },
  'bad-sidecar': {
    what: 'The NFO file cannot be read',
    todo: 'The film is there without it. Write the NFO again with the program that made it, or delete it.',
  },
};

/** The words for a code; a code of a newer agent gets the general ones. */
export function problemWords(code: string): { what: string; todo: string } {
  return WORDS[code] ?? { what: 'The file could not be read', todo: 'See the reason below, then scan again.' };
}
