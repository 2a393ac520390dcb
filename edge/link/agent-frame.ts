import { AgentFrame } from '../../shared/protocol/frames.ts';

/** A message of an agent; null for what is not of the protocol. */
export function parseAgentFrame(message: string): AgentFrame | null {
  try {
    return AgentFrame.safeParse(JSON.parse(message)).data ?? null;
  } catch {
    return null;
  }
}
