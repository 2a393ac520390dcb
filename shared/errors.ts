import { z } from 'zod';

/**
 * Every way in which a request can fail, in one closed list. The HTTP status and whether trying the same
 * again can help belong to the code, so no route decides them for itself.
 */
const CODES = {
  'bad-request': { status: 400, title: 'The request is not valid', retryable: false },
  unauthenticated: { status: 401, title: 'Sign in first', retryable: false },
  'wrong-credentials': { status: 401, title: 'The name or the password is wrong', retryable: false },
  'token-expired': { status: 401, title: 'The token has expired', retryable: false },
  'ticket-invalid': { status: 401, title: 'The ticket is not valid', retryable: false },
  forbidden: { status: 403, title: 'You may not do this', retryable: false },
  /** An admin ended it with a word, which is the detail. */
  'session-stopped': { status: 403, title: 'This was stopped for you', retryable: false },
  /** Its own viewer went on on another device; the detail says on which. */
  'session-elsewhere': { status: 403, title: 'This goes on elsewhere', retryable: false },
  'not-found': { status: 404, title: 'There is nothing here', retryable: false },
  'method-not-allowed': { status: 405, title: 'This method is not allowed here', retryable: false },
  conflict: { status: 409, title: 'The state does not allow this', retryable: false },
  /** Nobody has these bytes any more, but other ones of the same item: play it again from here. */
  'other-copy': { status: 409, title: 'It goes on with another copy', retryable: false },
  'setup-done': { status: 409, title: 'An owner exists already', retryable: false },
  'cursor-mismatch': { status: 409, title: 'The batch does not continue the cursor', retryable: false },
  gone: { status: 410, title: 'This has ended', retryable: false },
  'session-ended': { status: 410, title: 'The session has ended', retryable: false },
  'code-invalid': { status: 400, title: 'The code is wrong, used or expired', retryable: false },
  'too-large': { status: 413, title: 'The request is too large', retryable: false },
  'range-not-satisfiable': { status: 416, title: 'The file has no such range', retryable: false },
  'content-broken': { status: 422, title: 'The file cannot be played', retryable: false },
  'not-playable': { status: 422, title: 'This device cannot play this item', retryable: false },
  'protocol-too-old': { status: 426, title: 'The agent must be updated', retryable: false },
  'stream-limit': { status: 403, title: 'You are watching on as many devices as you may', retryable: true },
  'rate-limited': { status: 429, title: 'Too many requests', retryable: true },
  'capacity-full': { status: 429, title: 'Every machine that could do this is busy', retryable: true },
  internal: { status: 500, title: 'Something failed inside the server', retryable: true },
  unavailable: { status: 503, title: 'The server cannot answer now', retryable: true },
  'agent-offline': { status: 503, title: 'The machine that holds this file is offline', retryable: true },
  'agent-timeout': { status: 504, title: 'The machine that holds this file did not answer', retryable: true },
  'agent-failed': { status: 502, title: 'The machine that holds this file failed', retryable: true },
} as const satisfies Record<string, { status: number; title: string; retryable: boolean }>;

export type ErrorCode = keyof typeof CODES;
export const ERROR_CODES = Object.keys(CODES) as [ErrorCode, ...ErrorCode[]];

/** RFC 9457 problem details, as every error of the HTTP surface is answered (`application/problem+json`). */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string().optional(),
  code: z.enum(ERROR_CODES),
  retryable: z.boolean(),
});
export type Problem = z.infer<typeof Problem>;

/** The one error class that crosses rooms: a code of the closed list and a sentence for a person. */
export class HearthcastError extends Error {
  readonly code: ErrorCode;
  /** Seconds to wait before the same may be tried again, where it is known (`Retry-After`). */
  readonly retryAfterS: number | undefined;

  constructor(code: ErrorCode, detail?: string, options?: { cause?: unknown; retryAfterS?: number }) {
    super(detail ?? CODES[code].title, options);
    this.name = 'HearthcastError';
    this.code = code;
    this.retryAfterS = options?.retryAfterS;
  }

  get status(): number {
    return CODES[this.code].status;
  }

  shouldRetry(): boolean {
    return CODES[this.code].retryable;
  }

  toProblem(): Problem {
    const { status, title, retryable } = CODES[this.code];
    const detail = this.message === title ? {} : { detail: this.message };
    return { type: `urn:hearthcast:error:${this.code}`, title, status, ...detail, code: this.code, retryable };
  }
}
