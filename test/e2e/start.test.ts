import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { childrenOf } from '../../scripts/local/instance.ts';
import { isAlive, makeFolder, runStart, startServer } from './local-server.ts';

const OWNER = { HEARTHCAST_OWNER: 'Grace', HEARTHCAST_PASSWORD: 'a long enough password' };

async function signIn(url: string): Promise<number> {
  const answer = await fetch(`${url}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: OWNER.HEARTHCAST_OWNER, password: OWNER.HEARTHCAST_PASSWORD }),
  });
  return answer.status;
}

describe('npm start', () => {
  it('makes the owner from the environment, keeps everything over a second start, and leaves no process', async () => {
    using folder = makeFolder();
    const args = ['--data', folder.path, '--port', '0', '--no-demo'];
    const first = await startServer(args, { env: OWNER });
    expect(first.setupCode).toBeUndefined();
    expect(await signIn(first.url)).toBe(200);
    const pids = [first.pid, first.agentPid, ...childrenOf(first.pid)];
    await first.stop();
    expect(pids.filter(isAlive)).toEqual([]);

    await using second = await startServer([...args, '--no-agent']);
    expect(second.setupCode).toBeUndefined();
    expect(await signIn(second.url)).toBe(200);
  });

  it('cleans up after a kill -9 and goes on', async () => {
    using folder = makeFolder();
    const args = ['--data', folder.path, '--no-demo'];
    const first = await startServer([...args, '--port', '0'], { env: OWNER });
    const { port } = new URL(first.url);
    const pids = [first.agentPid, ...childrenOf(first.pid)];
    process.kill(first.pid, 'SIGKILL');
    await first.stop();

    await using second = await startServer([...args, '--port', port]);
    expect(await signIn(second.url)).toBe(200);
    expect(pids.filter(isAlive)).toEqual([]);
  });

  it('refuses a second instance on the same data, and says which one runs', async () => {
    using folder = makeFolder();
    const args = ['--data', folder.path, '--port', '0', '--no-demo', '--no-agent'];
    await using first = await startServer(args);
    const { code, stderr } = await runStart(args);
    expect(code).toBe(1);
    expect(stderr).toContain(`already running on this data folder (process ${first.pid}`);
  });

  it('names a busy port and the option that changes it', async () => {
    using folder = makeFolder();
    const taken = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => taken.once('listening', resolve));
    const { port } = taken.address() as { port: number };
    const { code, stderr } = await runStart(['--data', folder.path, '--no-demo', '--port', String(port)]);
    taken.close();
    expect(code).toBe(1);
    expect(stderr).toContain(`port ${port} is taken by another program: choose another with --port`);
  });

  it('answers a missing folder, a file in its place and a damaged data folder with what to do', async () => {
    using folder = makeFolder();
    writeFileSync(join(folder.path, 'file'), '');
    const missing = await runStart(['--media', join(folder.path, 'none')]);
    expect(missing).toMatchObject({ code: 1, stderr: expect.stringContaining('does not exist: check the spelling') });
    const file = await runStart(['--no-demo', '--data', join(folder.path, 'file')]);
    expect(file).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('is not a folder: choose another with --data'),
    });
    mkdirSync(join(folder.path, 'data'));
    writeFileSync(join(folder.path, 'data', 'hearthcast.json'), 'rubbish');
    chmodSync(join(folder.path, 'data', 'hearthcast.json'), 0o600);
    const damaged = await runStart(['--no-demo', '--data', join(folder.path, 'data')]);
    expect(damaged).toMatchObject({ code: 1, stderr: expect.stringContaining('is damaged. Restore it from a backup') });
  });
});
