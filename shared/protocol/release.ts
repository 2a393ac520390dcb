import { z } from 'zod';

/** A release of the agent: three numbers, and for one that is not finished a word behind them. */
export const ReleaseVersion = z
  .string()
  .max(40)
  .regex(/^\d{1,6}\.\d{1,6}\.\d{1,6}(-[0-9A-Za-z.-]+)?$/);

/** A machine on `stable` takes nothing of `beta`; one on `beta` takes both. */
export const CHANNELS = ['stable', 'beta'] as const;
export const Channel = z.enum(CHANNELS);
export type Channel = z.infer<typeof Channel>;

/** The files of a release: the agent itself, and the small process that starts it and goes back. */
export const RELEASE_FILES = ['agent.mjs', 'launcher.mjs'] as const;
export type ReleaseFile = (typeof RELEASE_FILES)[number];

/** The largest file of a release that anyone takes. */
export const MAX_RELEASE_BYTES = 32 * 1024 * 1024;

const Content = z.object({
  size: z.number().int().positive().max(MAX_RELEASE_BYTES),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

/**
 * `GET /install/manifest.json`: what a release consists of. Its bytes are what is signed (Ed25519, detached,
 * `GET /install/manifest.sig` in base64), so nothing of it may be believed before the signature is verified.
 */
export const ReleaseManifest = z.object({
  format: z.literal(1),
  version: ReleaseVersion,
  channel: Channel,
  /** The versions of the link that this agent speaks. */
  protocol: z.number().int().positive(),
  minProtocol: z.number().int().positive(),
  files: z.object({ 'agent.mjs': Content, 'launcher.mjs': Content }),
});
export type ReleaseManifest = z.infer<typeof ReleaseManifest>;

/** A raw Ed25519 public key as DER (SPKI) in base64: what stands in a PEM file between its two lines. */
export const ReleaseKey = z.string().regex(/^MCowBQYDK2VwAyEA[A-Za-z0-9+/]{43}=$/);
