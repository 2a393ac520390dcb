import type { AgentConfig } from '../config.ts';
import { identityOf } from '../enrolment.ts';
import { AgentError, EXIT } from '../exit-codes.ts';
import { AGENT_VERSION } from '../link/version.ts';
import { installationOf } from '../update/installation.ts';
import { askRelease, fetchRelease, judgeRelease } from '../update/release.ts';
import { VERDICTS, whyNot } from '../update/updater.ts';
import { Versions } from '../update/versions.ts';
import { orderRestart } from './orders.ts';
import { say } from './say.ts';

/** `update`: takes the release that the server offers, when it is signed and newer. */
export async function updateCommand(
  config: AgentConfig,
  { check, allowDowngrade }: { check: boolean; allowDowngrade: boolean },
): Promise<number> {
  const edge = config.edge ?? identityOf(config)?.edge;
  if (!edge) throw new AgentError('Which server? This machine is not enrolled yet.', EXIT['not-enrolled']);
  const versions = ownVersions();
  const release = await askRelease(edge, config.update.key);
  const { version } = release.manifest;
  const verdict = judgeRelease(release.manifest, AGENT_VERSION, config.update.channel);
  const taken = verdict === 'newer' || (verdict === 'older' && allowDowngrade);
  if (check || verdict === 'same')
    return report(config, { running: AGENT_VERSION, offered: version, verdict }, SENTENCES[verdict](version));
  if (!taken) throw new AgentError(VERDICTS[verdict as Exclude<typeof verdict, 'newer'>]);
  versions.store(version, await fetchRelease(edge, release));
  versions.begin(version);
  const restarted = await orderRestart(config);
  const sentence = restarted
    ? `${version} starts now. If it has not reached the server within a minute, the machine goes back to ${AGENT_VERSION}.`
    : `${version} is in place; the agent is not running, and takes it at its next start.`;
  return report(config, { running: AGENT_VERSION, offered: version, verdict, restarted }, sentence);
}

/** `rollback`: the version before this one runs again. */
export async function rollbackCommand(config: AgentConfig): Promise<number> {
  const versions = ownVersions();
  const { previous, refused } = versions.state();
  const current = versions.current();
  if (!previous || !versions.has(previous) || previous === current)
    throw new AgentError('There is no version before this one here.');
  versions.setCurrent(previous);
  // What a person has left does not come back by itself.
  versions.setState({
    trial: null,
    previous: current,
    refused: current && !refused.includes(current) ? [...refused, current] : refused,
    last: { what: 'rolled-back', version: previous, from: current ?? '?', at: new Date().toISOString() },
  });
  const restarted = await orderRestart(config);
  const sentence = restarted ? `${previous} starts now.` : `${previous} runs from the agent's next start on.`;
  return report(config, { from: current, to: previous, restarted }, sentence);
}

const SENTENCES = {
  newer: (version: string) =>
    `${version} is offered and signed; this is ${AGENT_VERSION}. "hearthcast-agent update" takes it.`,
  same: () => VERDICTS.same,
  older: () => VERDICTS.older,
  'other-channel': () => VERDICTS['other-channel'],
  'too-new': () => VERDICTS['too-new'],
} as const;

/** The folder of versions that this command may change. Throws where somebody else brings new versions. */
function ownVersions(): Versions {
  const folder = process.env.HEARTHCAST_VERSIONS;
  const versions = folder ? new Versions(folder) : null;
  const obstacle = whyNot({ installation: installationOf(), versions });
  if (obstacle || !versions) throw new AgentError(obstacle ?? 'This agent has no folder of versions.');
  return versions;
}

function report(config: AgentConfig, facts: object, sentence: string): number {
  say(config.json ? JSON.stringify({ ...facts, said: sentence }) : sentence);
  return EXIT.ok;
}
