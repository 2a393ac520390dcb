import { z } from 'zod';
import type { AgentConfig } from './config.ts';
import { type Finding, ok, warning } from './finding.ts';
import { AGENT_VERSION } from './link/version.ts';
import { installationOf } from './update/installation.ts';
import { whyNot } from './update/updater.ts';
import { Versions } from './update/versions.ts';

const ASK_TIMEOUT_MS = 10_000;

const Server = z.object({ version: z.string() });

/** This agent's version beside the server's, and what became of the last update. */
export async function versionFindings(config: AgentConfig, edge: string | null): Promise<Finding[]> {
  const installation = installationOf();
  const folder = process.env.HEARTHCAST_VERSIONS;
  const versions = folder ? new Versions(folder) : null;
  const advice = whyNot({ installation, versions }) ?? 'Run "hearthcast-agent update".';
  const findings = [await beside(edge, advice)];
  const last = versions?.state().last;
  if (last?.what === 'rolled-back') {
    const said = `${last.from} did not come up or was left on ${last.at.slice(0, 10)}: ${last.version} runs`;
    findings.push(
      warning('last update', said, '"hearthcast-agent logs" says why; "hearthcast-agent update" tries again.'),
    );
  }
  if (installation.kind === 'installed' && !config.update.key) {
    findings.push(
      warning('release key', 'No key is pinned: this agent takes no update', 'Run install.sh of your server again.'),
    );
  }
  return findings;
}

async function beside(edge: string | null, advice: string): Promise<Finding> {
  const own = `agent ${AGENT_VERSION}`;
  if (!edge) return ok('version', own);
  try {
    const response = await fetch(new URL('/api/v1/server', edge), { signal: AbortSignal.timeout(ASK_TIMEOUT_MS) });
    const { version } = Server.parse(await response.json());
    if (version === AGENT_VERSION) return ok('version', `${own}, as the server`);
    return warning('version', `${own}, and the server is ${version}; one release apart works`, advice);
  } catch {
    return ok('version', `${own}; the server's is not known`);
  }
}
