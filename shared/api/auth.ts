import { z } from 'zod';

export const ROLES = ['owner', 'admin', 'member', 'child'] as const;
export const Role = z.enum(ROLES);
export type Role = z.infer<typeof Role>;

export const Username = z.string().trim().min(1).max(64);
/**
 * NIST SP 800-63B: eight characters at least, no rules of composition, long ones welcome. The server also refuses
 * what is on every list of guesses.
 */
export const NewPassword = z.string().min(8).max(256);

/** `cookie`: HttpOnly cookies, for the web app. `body`: the tokens in the answer, for other clients. */
export const TokenDelivery = z.enum(['cookie', 'body']).default('body');

export const SetupRequest = z.object({
  setupCode: z.string().min(1).max(64),
  username: Username,
  password: NewPassword,
  delivery: TokenDelivery,
});
export type SetupRequest = z.infer<typeof SetupRequest>;

export const LoginRequest = z.object({
  username: Username,
  password: z.string().min(1).max(256),
  /** Shown to the user in the list of their devices. */
  device: z.string().max(100).default('unknown device'),
  delivery: TokenDelivery,
});
export type LoginRequest = z.infer<typeof LoginRequest>;

export const RefreshRequest = z.object({ refreshToken: z.string().max(200).optional() });

export const User = z.object({ id: z.string(), name: z.string(), role: Role });
export type User = z.infer<typeof User>;

/** Whoever asks. */
export const Me = User.extend({
  /** The account; another id than `id` in one of its profiles. */
  accountId: z.string(),
});
export type Me = z.infer<typeof Me>;

export const SignedIn = z.object({
  user: User,
  /** Seconds until the access token ends. */
  expiresIn: z.number().int().positive(),
  /** Only with `delivery: "body"`. */
  accessToken: z.string().optional(),
  refreshToken: z.string().optional(),
});
export type SignedIn = z.infer<typeof SignedIn>;

/** `GET /api/v1/server`, public: what a client must know before it can sign in. */
export const ServerInfo = z.object({
  name: z.string(),
  version: z.string(),
  setupRequired: z.boolean(),
  /** Milliseconds since 1970 by the server's clock; a server of before says nothing. */
  now: z.number().int().optional(),
  /** A word of the owner's where people sign in; empty is none. A server of before says nothing. */
  doorMessage: z.string().default(''),
  /** Whether televisions come in by a code. */
  devicePairing: z.boolean().default(true),
});
export type ServerInfo = z.infer<typeof ServerInfo>;
