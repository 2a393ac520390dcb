import { EdgeFrame } from '../../shared/protocol/frames.ts';

/** What the edge says, or null for what this agent does not understand. */
export function parseFrame(text: string): EdgeFrame | null {
  try {
    return EdgeFrame.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
