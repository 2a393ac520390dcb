/** The agent's release, as the edge shows it to admins. */
export const AGENT_VERSION = '0.1.0';
