/** Set by the build of the single-file bundle; a checkout runs without it. */
declare const HEARTHCAST_RELEASE: string | undefined;

/** The agent's release, as the edge shows it to admins. */
export const AGENT_VERSION = typeof HEARTHCAST_RELEASE === 'string' ? HEARTHCAST_RELEASE : '0.2.0';
