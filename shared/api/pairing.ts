import { z } from 'zod';

/** A device without a keyboard asks to be let in (after RFC 8628). */
export const StartPairing = z.object({ device: z.string().trim().min(1).max(100).default('Television') });

export const Pairing = z.object({
  /** Kept by the device; with it the device asks whether it has been let in. */
  deviceCode: z.string(),
  /** Shown on its screen, typed by a person who is signed in. */
  userCode: z.string(),
  /** Where it is typed: a path of the web app. */
  verificationPath: z.string(),
  expiresIn: z.number().int().positive(),
  /** Seconds between two questions. Asking faster doubles it. */
  interval: z.number().int().positive(),
});
export type Pairing = z.infer<typeof Pairing>;

export const PollPairing = z.object({ deviceCode: z.string().min(1).max(100) });

/** The answer while nobody has typed the code yet. */
export const PairingPending = z.object({ status: z.literal('pending'), interval: z.number().int().positive() });
export type PairingPending = z.infer<typeof PairingPending>;

export const PairingCode = z.object({ userCode: z.string().min(1).max(32) });

/** The device that a code stands for, so that a person lets in the right one. */
export const PairingDevice = z.object({ device: z.string(), address: z.string(), expiresAt: z.number().int() });
export type PairingDevice = z.infer<typeof PairingDevice>;
