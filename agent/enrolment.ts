import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { AgentConfig } from './config.ts';
import { AgentError, EXIT } from './exit-codes.ts';
import { backoff } from './link/backoff.ts';
import { enrol, type Identity, loadIdentity } from './link/identity.ts';

/** The identity of this data folder, at the edge that the configuration names. Null before the enrolment. */
export function identityOf(config: AgentConfig): Identity | null {
  let identity: Identity | null;
  try {
    identity = loadIdentity(config.dataDir);
  } catch (cause) {
    throw new AgentError((cause as Error).message, EXIT['not-enrolled'], { cause });
  }
  // The server may have moved to another address: the key is what it knows this machine by.
  return identity && config.edge ? { ...identity, edge: config.edge } : identity;
}

/** Trades the configured code for an identity. Throws an AgentError with what to do. */
export async function enrolMachine(config: AgentConfig): Promise<Identity> {
  const { edge, code, name, dataDir } = config;
  if (!edge) throw new AgentError('Which server? Add --edge https://your-server.example', EXIT.usage);
  if (!code) {
    const where = 'in the app under Settings → Machines → Add a machine';
    throw new AgentError(
      `This machine is not enrolled yet: add --code with the code that is shown ${where}.`,
      EXIT['not-enrolled'],
    );
  }
  try {
    return await enrol({ edge, code, name, dataDir });
  } catch (cause) {
    throw new AgentError(sentence((cause as Error).message), EXIT['not-enrolled'], { cause });
  }
}

/** The same for a start that nobody watches: while the server does not answer it keeps trying. */
export async function enrolPatiently(config: AgentConfig, log: Logger, signal: AbortSignal): Promise<Identity> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await enrolMachine(config);
    } catch (error) {
      if (!(error instanceof AgentError) || !unanswered(error)) throw error;
      log.warn({ edge: config.edge }, `${error.message} Trying again.`);
      await sleep(backoff(attempt), undefined, { signal });
    }
  }
}

/** The enrolment has a cause of its own only where no answer came. */
const unanswered = ({ cause }: AgentError) => cause instanceof Error && cause.cause !== undefined;

const sentence = (text: string) => (/[.!?]$/.test(text) ? text : `${text}.`);
