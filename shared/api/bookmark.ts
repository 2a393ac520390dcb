import { z } from 'zod';

/**
 * The header in which answers name how new the data were that they were made of, and in which a client hands that
 * back: whatever it is shown next is at least as new, whichever copy of the database answers.
 */
export const BOOKMARK_HEADER = 'x-d1-bookmark';

/** Opaque to clients; the later of two is the greater text. */
export const Bookmark = z
  .string()
  .regex(/^[0-9a-f]+(?:-[0-9a-f]+){1,5}$/)
  .max(200);
