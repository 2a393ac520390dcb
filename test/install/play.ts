import { AgentStatus } from '../../agent/local/status.ts';
import { installLine } from '../../web/features/admin/install-lines.ts';
import { type Household, waitFor } from '../e2e/household.ts';
import type { CleanDebian } from './clean-debian.ts';
import type { Outcome } from './command.ts';
import { leftovers } from './leftovers.ts';
import type { Report } from './report.ts';

const WAIT_MS = 120_000;
const NAME = 'cleanroom';
const STATE = '/var/lib/hearthcast-agent/versions/state.json';

/** What the play is played with. */
export interface Scene {
  debian: CleanDebian;
  home: Household;
  /** The address of the server, as the clean machine sees it. */
  edge: string;
  /** This checkout's version. */
  version: string;
  /** Has the server offer a release: one that works, one that ends at once, or its own. */
  offer(release: 'newer' | 'broken' | 'own'): void;
  newer: string;
  broken: string;
}

/** Installs an agent as a new user would, and goes with it to its end. */
export async function play(scene: Scene, report: Report): Promise<void> {
  const { debian, home, edge, version, offer, newer, broken } = scene;
  const before = await debian.files();
  const accounts = await accountsOf(debian);
  let line = '';

  await report.step('The line of the web app, typed by somebody who may use sudo', async (saw) => {
    line = await installLineOf(scene);
    const { text } = good(await debian.asPerson(`${line} --name ${NAME} --root 'Movies=/srv/films'`));
    for (const part of ['Fetching Node', 'Making the user hearthcast', 'Enrolling', ': online']) contains(text, part);
    await online(scene, version);
    saw(`service: ${await service(debian)}`);
    saw(`at the server: ${await atTheServer(home)}`);
  });

  await report.step('What the unit may do, as systemd judges it', async (saw) => {
    const unit = 'hearthcast-agent.service';
    good(await debian.asRoot('systemd-analyze', 'verify', `/etc/systemd/system/${unit}`));
    const { text } = await debian.asRoot('systemd-analyze', 'security', '--no-pager', unit);
    saw(text.trim().split('\n').at(-1) ?? '');
    const process = good(await debian.asRoot('sh', '-c', `stat -c %U /proc/$(systemctl show -P MainPID ${unit})`));
    demand(process.text.trim() === 'hearthcast', `the service runs as ${process.text}`);
  });

  await report.step('The same line again', async (saw) => {
    const first = await idOf(home);
    contains(good(await debian.asPerson(line)).text, 'enrolled already');
    await online(scene, version);
    demand((await idOf(home)) === first, 'it became another machine');
    saw('the same machine, and its service runs');
  });

  await report.step('Doctor, configuration, folders, log', async (saw) => {
    const { text } = await debian.asPerson('hearthcast-agent doctor || sudo hearthcast-agent doctor');
    for (const about of ['node', 'ffmpeg', 'server', 'enrolment', 'space', 'version']) contains(text, about);
    for (const found of text.split('\n').filter((one) => /^[!✗]/.test(one))) saw(`the doctor says: ${found}`);
    contains(good(await debian.asRoot('hearthcast-agent', 'config')).text, '/etc/hearthcast-agent/agent.toml, line');
    contains(good(await debian.asRoot('hearthcast-agent', 'roots', 'list')).text, '/srv/films');
    good(await debian.asRoot('hearthcast-agent', 'logs', '-n', '3'));
    good(await debian.asRoot('systemctl', 'reload', 'hearthcast-agent'));
  });

  await report.step('A restart of the machine', async (saw) => {
    await debian.powerOff();
    await debian.powerOn();
    await online(scene, version);
    saw('the agent came back by itself');
  });

  await report.step('An update', async (saw) => {
    offer('newer');
    saw(good(await debian.asRoot('hearthcast-agent', 'update')).text.trim());
    await online(scene, newer);
    await stateSays(debian, '"trial": null');
  });

  await report.step('An update that does not come up', async (saw) => {
    offer('broken');
    good(await debian.asRoot('hearthcast-agent', 'update'));
    await stateSays(debian, 'rolled-back');
    await online(scene, newer);
    saw(`${broken} ended, and ${newer} runs again by itself`);
  });

  await report.step('Back by hand', async (saw) => {
    offer('own');
    saw(good(await debian.asRoot('hearthcast-agent', 'rollback')).text.trim());
    await online(scene, version);
  });

  await report.step('The uninstall', async (saw) => {
    const { text } = good(await debian.asPerson('sudo hearthcast-agent uninstall --yes'));
    for (const one of text.trim().split('\n')) saw(one);
    await waitFor('the machine to be gone at the server', WAIT_MS, async () =>
      (await home.agents()).some(({ name }) => name === NAME) ? null : true,
    );
    saw('at the server: gone');
  });

  await report.step('What is left', async (saw) => {
    const after = await debian.files();
    const left = leftovers(before, after, await debian.packaged());
    for (const path of left) saw(path);
    const strangers = (await accountsOf(debian)).filter((account) => !accounts.includes(account));
    if (strangers.length > 0) saw(`accounts that packages made: ${strangers.join(', ')}`);
    const ours = await debian.asRoot(
      'sh',
      '-c',
      'grep -rIil hearthcast /etc /opt /usr/local /var/lib /var/spool /srv /root',
    );
    const named = [...after, ...strangers, ...ours.text.split('\n')].filter((one) => /hearthcast/i.test(one));
    demand(named.length === 0, `of the agent is left: ${named.join(', ')}`);
    demand(
      !(await debian.asRoot('systemctl', 'list-unit-files', '--no-pager')).text.includes('hearthcast'),
      'a unit is left',
    );
    saw('nothing of the agent: no file, no account, no unit, no line of a configuration');
  });

  await report.step('Once more, from the beginning', async (saw) => {
    const asked = good(await debian.asPerson(`${await installLineOf(scene)} --name ${NAME}`, 'Films=/srv/films\n\n'));
    contains(asked.text, 'Which folders does this machine share?');
    await online(scene, version);
    contains(good(await debian.asRoot('hearthcast-agent', 'roots', 'list')).text, 'Films: /srv/films');
    saw('in a terminal it asked for folders, and shares the one that was typed');
    good(await debian.asPerson('sudo hearthcast-agent uninstall --yes --keep-data --keep-config'));
    const id = await idOf(home);
    contains(good(await debian.asPerson(`curl -fsSL ${edge}/install.sh | sh`)).text, 'enrolled already');
    await online(scene, version);
    demand((await idOf(home)) === id, 'it became another machine');
    saw('with its data kept, it went on as the same machine without a code');
    good(await debian.asPerson('sudo hearthcast-agent uninstall --yes'));
  });
}

async function installLineOf({ home, edge }: Scene): Promise<string> {
  const { code } = await home.post<{ code: string }>('/agents/enrolments', {});
  return installLine('Linux and macOS', edge, code);
}

async function online({ debian, home }: Scene, version: string): Promise<void> {
  await waitFor(`${version} to be online`, WAIT_MS, async () => {
    const { text } = await debian.asRoot('hearthcast-agent', 'status', '--json');
    const status = AgentStatus.safeParse(JSON.parse(text)).data;
    const seen = (await home.agents()).some((agent) => agent.name === NAME && agent.online);
    return seen && status?.connected && status.version === version ? true : null;
  });
}

async function stateSays(debian: CleanDebian, words: string): Promise<void> {
  await waitFor(words, WAIT_MS, async () => ((await debian.asRoot('cat', STATE)).text.includes(words) ? true : null));
}

async function idOf(home: Household): Promise<string> {
  const found = (await home.agents()).filter(({ name }) => name === NAME);
  demand(found.length === 1, `the server knows ${found.length} machines of this name`);
  return found[0]?.id ?? '';
}

async function atTheServer(home: Household): Promise<string> {
  const agent = (await home.agents()).find(({ name }) => name === NAME);
  const encoders = agent?.videoEncoders ?? [];
  // Tried by the service itself, within what its unit lets it do.
  demand(encoders.includes('libx264'), `the service found no encoder but ${encoders.join(', ') || 'none'}`);
  return `${NAME}, online, makes ${encoders.join(', ')}`;
}

async function service(debian: CleanDebian): Promise<string> {
  const say = async (what: string) => (await debian.asRoot('systemctl', what, 'hearthcast-agent')).text.trim();
  const said = `${await say('is-active')}, ${await say('is-enabled')}`;
  demand(said === 'active, enabled', `the service is ${said}`);
  return said;
}

async function accountsOf(debian: CleanDebian): Promise<string[]> {
  return (await debian.asRoot('cut', '-d:', '-f1', '/etc/passwd', '/etc/group')).text.trim().split('\n').sort();
}

function good(outcome: Outcome): Outcome {
  demand(outcome.code === 0, `it ended with ${outcome.code}: ${outcome.text.trim().split('\n').slice(-12).join('\n')}`);
  return outcome;
}

function contains(text: string, part: string): void {
  demand(text.includes(part), `nothing was said of “${part}”: ${text.trim().split('\n').slice(-12).join('\n')}`);
}

function demand(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new Error(otherwise);
}
