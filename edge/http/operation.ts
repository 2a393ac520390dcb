import type { z } from 'zod';

/** What the document tells of a route beyond its policy. */
export interface Operation {
  summary: string;
  query?: z.ZodObject;
  body?: z.ZodType;
  /** Status and body of success; null has no body that JSON Schema describes. */
  answer: readonly [status: 101 | 200 | 201 | 204, body: z.ZodType | null];
}
