/** The version of the link that this code speaks. Raised when a message changes its meaning. */
export const PROTOCOL_VERSION = 1;

/** The oldest version that this code still understands: an agent one release behind must work. */
export const MIN_PROTOCOL_VERSION = 1;

/**
 * The version that both ends speak, or null where they have none in common.
 * Either end passes the other's announced range.
 */
export function negotiateVersion(theirs: { protocol: number; minProtocol: number }): number | null {
  const version = Math.min(PROTOCOL_VERSION, theirs.protocol);
  return version >= MIN_PROTOCOL_VERSION && version >= theirs.minProtocol ? version : null;
}
