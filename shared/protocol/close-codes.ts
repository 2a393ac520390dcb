/** Application close codes of the control WebSocket: a closed set, so that either end can act on each. */
export const CLOSE = {
  /** A newer socket of the same agent took over: do not reconnect. */
  replaced: 4000,
  /** A frame did not parse, or came before the hello. */
  'bad-frame': 4001,
  /** No protocol version in common: the agent must be updated. */
  'version-unsupported': 4002,
  /** The agent was removed from the deployment: do not reconnect. */
  removed: 4003,
  /** The agent sent more than it may (size or rate). */
  'too-much': 4004,
  /** The edge restarts: reconnect. */
  restarting: 4005,
  /** The agent leaves on purpose (drain, SIGTERM). */
  leaving: 4006,
  /** The hello did not come in time. */
  'hello-timeout': 4007,
  /** Nothing was heard of the agent while it should have spoken: reconnect. */
  silent: 4008,
} as const;

export type CloseReason = keyof typeof CLOSE;

/** After these the agent stays away until a person acts; after every other close it reconnects. */
export const FINAL_CLOSES: ReadonlySet<number> = new Set([CLOSE.replaced, CLOSE['version-unsupported'], CLOSE.removed]);

/** The reason that a close code stands for, or null for one that is not ours (1006 when a connection breaks). */
export function closeReason(code: number): CloseReason | null {
  const found = Object.entries(CLOSE).find(([, value]) => value === code);
  return found ? (found[0] as CloseReason) : null;
}
