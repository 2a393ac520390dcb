import { z } from 'zod';

/** What an API key may do, beside what its owner's role allows: look, play and mark, administer, take backups. */
export const SCOPES = ['read', 'play', 'admin', 'backup'] as const;
export const Scope = z.enum(SCOPES);
export type Scope = z.infer<typeof Scope>;

export const ApiKey = z.object({
  id: z.string(),
  name: z.string(),
  /** The first characters, by which a person recognises it. */
  prefix: z.string(),
  scopes: z.array(Scope),
  createdAt: z.number().int(),
  /** Milliseconds since 1970; null is never. */
  expiresAt: z.number().int().nullable(),
  /** Written at most once a minute. */
  lastUsedAt: z.number().int().nullable(),
});
export type ApiKey = z.infer<typeof ApiKey>;
export const ApiKeys = z.object({ items: z.array(ApiKey) });

const MAX_DAYS = 3650;

export const CreateApiKey = z.object({
  name: z.string().trim().min(1).max(100),
  scopes: z.array(Scope).min(1).max(SCOPES.length),
  expiresInDays: z.number().int().min(1).max(MAX_DAYS).nullable().default(null),
});
export type CreateApiKey = z.infer<typeof CreateApiKey>;

/** The key itself is shown here, and never again. */
export const CreatedApiKey = ApiKey.extend({ key: z.string() });
export type CreatedApiKey = z.infer<typeof CreatedApiKey>;
