import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectVersion } from '../../scripts/build/agent.ts';
import { Household, waitFor } from './household.ts';
import { InstalledAgent } from './installed-agent.ts';
import { makeFolder } from './local-server.ts';
import { openReleaseProxy, type ReleaseProxy } from './release-proxy.ts';
import { Releases } from './releases.ts';

const folder = makeFolder();
const site = join(folder.path, 'site');
const films = join(folder.path, 'films');
const cabin = new InstalledAgent(site);

let home: Household;
let proxy: ReleaseProxy;
let releases: Releases;

beforeAll(async () => {
  mkdirSync(films);
  home = await Household.start(join(folder.path, 'home'));
  proxy = await openReleaseProxy(home.url);
  releases = new Releases(join(folder.path, 'releases'), join(folder.path, 'home', 'edge', 'release-key.pem'));
});
afterAll(async () => {
  await cabin[Symbol.asyncDispose]();
  await proxy[Symbol.asyncDispose]();
  await home[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

const install = (...args: string[]) => cabin.install(proxy.url, ...args);

const stateOf = () =>
  JSON.parse(readFileSync(join(site, 'data', 'versions', 'state.json'), 'utf8')) as Record<string, unknown>;

describe('an agent that was installed with one line', () => {
  it('is refused without a code, and says where one is', async () => {
    const { code, text } = await install();
    expect(code).toBe(1);
    expect(text).toContain('add the code that "Add a machine" shows');
  });

  it('enrols with its code and its folders, and runs', async () => {
    const { code } = await home.post<{ code: string }>('/agents/enrolments', {});
    const installed = await install(code, '--name', 'Cabin', '--root', `Cabin films=${films}`, '--allow', folder.path);
    expect(installed).toMatchObject({ code: 0, text: expect.stringContaining('hearthcast-agent serve') });
    cabin.serve();
    const now = await cabin.online(projectVersion());
    expect(now.roots).toMatchObject([{ library: 'Cabin films', path: films, state: 'ok' }]);
    expect((await home.agents()).map(({ name }) => name)).toContain('Cabin');
  });

  it('says what holds, and what of it the server wishes', async () => {
    await home.put('/settings', { agentUpdates: 'off' });
    const settings = await waitFor('the wish to arrive', 90_000, async () => {
      const { text } = await cabin.say('config', '--json');
      const { settings } = JSON.parse(text) as { settings: { name: string; value: unknown; source: string }[] };
      const of = (name: string) => settings.find((one) => one.name === name);
      return of('update.mode')?.value === 'off' ? of : null;
    });
    expect(settings('update.mode')?.source).toBe('settings of the server');
    expect(settings('update.channel')?.source).toMatch(/agent\.toml, line \d+$/);
    await home.put('/settings', { agentUpdates: 'offered' });
  });

  it('is kept as it is by a second run', async () => {
    const before = readFileSync(join(site, 'data', 'identity.json'), 'utf8');
    const again = await install();
    expect(again).toMatchObject({ code: 0, text: expect.stringContaining('enrolled already') });
    expect(readFileSync(join(site, 'data', 'identity.json'), 'utf8')).toBe(before);
  });

  it('takes a signed update, and says so', async () => {
    const good = await releases.good('0.9.1');
    proxy.offer(good);
    expect((await cabin.say('update', '--check')).text).toContain('0.9.1 is offered and signed');
    expect(await cabin.say('update')).toMatchObject({ code: 0, text: expect.stringContaining('0.9.1 starts now') });
    await cabin.online('0.9.1');
    await waitFor('the trial to end', 90_000, async () => (stateOf().trial === null ? true : null));
    expect(stateOf()).toMatchObject({ last: { what: 'updated', version: '0.9.1' }, previous: projectVersion() });
  });

  it('takes nothing that its key has not signed', async () => {
    proxy.offer(releases.forged(join(folder.path, 'releases', '0.9.1'), '0.9.9'));
    expect(await cabin.say('update')).toMatchObject({
      code: 1,
      text: expect.stringContaining('not signed with the key'),
    });
    expect(await install()).toMatchObject({ code: 1, text: expect.stringContaining('not signed with the key') });
    expect((await cabin.status())?.version).toBe('0.9.1');
  });

  it('goes back by itself from a version that does not come up', async () => {
    const version = '0.9.2';
    proxy.offer(releases.broken(join(folder.path, 'releases', '0.9.1'), version));
    expect((await cabin.say('update')).code).toBe(0);
    await waitFor('the way back', 90_000, async () =>
      (stateOf().refused as string[]).includes(version) ? true : null,
    );
    await cabin.online('0.9.1');
    expect(stateOf()).toMatchObject({ trial: null, last: { what: 'rolled-back', version: '0.9.1', from: version } });
  });

  it('takes an older version only by a word on this machine', async () => {
    proxy.offer(null);
    expect(await cabin.say('update')).toMatchObject({ code: 1, text: expect.stringContaining('--allow-downgrade') });
    expect(await install()).toMatchObject({ code: 1, text: expect.stringContaining('--allow-downgrade') });
    expect((await cabin.say('rollback')).code).toBe(0);
    await cabin.online(projectVersion());
  });

  it('leaves nothing but what the user keeps', async () => {
    await cabin[Symbol.asyncDispose]();
    const gone = await cabin.say('uninstall', '--yes', '--keep-config');
    expect(gone).toMatchObject({ code: 0, text: expect.stringContaining(join(site, 'agent.toml')) });
    expect(gone.text).toContain(`Removed: this machine at ${proxy.url}`);
    expect((await home.agents()).map(({ name }) => name)).not.toContain('Cabin');
    expect(readdirSync(site)).toEqual(['agent.toml']);
    expect(existsSync(films)).toBe(true);
  });
});

describe('install.sh', () => {
  it('has nothing that shellcheck minds, with all that its build fills in', () => {
    const { stdout, status: code } = spawnSync('shellcheck', ['--shell=sh', 'dist/agent/install.sh'], {
      encoding: 'utf8',
    });
    expect(stdout).toBe('');
    expect(code).toBe(0);
  });

  it.each([
    [['--nonsense'], 'there is no option --nonsense'],
    [['--root'], '--root needs a value'],
    [['--root', '--yes'], '--root needs a value'],
    [['--update', 'sometimes'], '--update is automatic, offered or off'],
    [['--edge', 'ftp://x'], 'add --edge https://your-server.example'],
  ])('answers %j with what is wrong', async (args, sentence) => {
    expect(await install(...args)).toMatchObject({ code: 1, text: expect.stringContaining(sentence) });
  });
});
