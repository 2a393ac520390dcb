import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readConfig } from '../config.ts';
import { AGENT_VERSION } from '../link/version.ts';
import type { Installation } from './installation.ts';
import type { UpdateRules } from './update-rules.ts';
import { Updater } from './updater.ts';
import { Versions } from './versions.ts';

const NEWER = '99.0.0';
const AGENT = Buffer.from('the agent');
const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const KEY = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
const INSTALLED = { kind: 'installed' } as Installation;

let folder: string;
let server: Server;
let edge: string;
let versions: Versions;
let restarts: number;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hearthcast-updater-'));
  versions = new Versions(folder);
  versions.store(AGENT_VERSION, { 'agent.mjs': AGENT });
  versions.setCurrent(AGENT_VERSION);
  restarts = 0;
  const content = { size: AGENT.length, sha256: createHash('sha256').update(AGENT).digest('hex') };
  const files = { 'agent.mjs': content, 'launcher.mjs': content };
  const manifest = JSON.stringify({ format: 1, version: NEWER, channel: 'stable', protocol: 1, minProtocol: 1, files });
  const served: Record<string, string | Buffer> = {
    ...{ '/install/manifest.json': manifest, '/install/agent.mjs': AGENT, '/install/launcher.mjs': AGENT },
    '/install/manifest.sig': sign(null, Buffer.from(manifest), privateKey).toString('base64'),
  };
  server = createServer((request, response) => response.end(served[request.url ?? ''])).listen(0, '127.0.0.1');
  await once(server, 'listening');
  edge = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

const updater = (update: Partial<UpdateRules>, installation: Installation = INSTALLED) =>
  new Updater({
    ...{ edge, installation, versions, log: pino({ level: 'silent' }) },
    rules: () => ({ ...readConfig({ data: folder }, {}).update, key: KEY, ...update }),
    restart: () => {
      restarts++;
    },
  });

/** An hour that is not now. */
function otherHours(): string {
  const hour = (new Date().getHours() + 12) % 24;
  return `${String(hour).padStart(2, '0')}:00-${String(hour).padStart(2, '0')}:30`;
}

describe('what the edge offers', () => {
  it('is taken by itself where the owner said automatic: it is current, on trial, after one restart', async () => {
    using subject = updater({ mode: 'automatic' });
    await subject.offered(NEWER);
    expect(restarts).toBe(1);
    expect(versions.current()).toBe(NEWER);
    expect(versions.state().trial).toMatchObject({ version: NEWER, from: AGENT_VERSION });
  });

  it('is only shown where the owner said offered, and taken by a word', async () => {
    using subject = updater({ mode: 'offered' });
    await subject.offered(NEWER);
    expect([restarts, subject.status.available]).toEqual([0, NEWER]);
    expect(await subject.take()).toBe(NEWER);
    expect(restarts).toBe(1);
  });

  it('waits for its hours', async () => {
    using subject = updater({ mode: 'automatic', hours: otherHours() });
    await subject.offered(NEWER);
    expect([restarts, subject.status.available]).toEqual([0, NEWER]);
  });

  it('is not taken again by itself after it did not come up', async () => {
    versions.setState({ refused: [NEWER] });
    using subject = updater({ mode: 'automatic' });
    await subject.offered(NEWER);
    expect(restarts).toBe(0);
    expect(subject.status.note).toContain('did not come up');
  });

  it.each([
    ['the mode is off', NEWER, { mode: 'off' }],
    ['nothing is offered', null, { mode: 'automatic' }],
    ['it is the running version', AGENT_VERSION, { mode: 'automatic' }],
  ] as const)('is left alone where %s', async (_, offered, update) => {
    using subject = updater(update);
    await subject.offered(offered);
    expect([restarts, subject.status.available]).toEqual([0, null]);
  });

  it('is told and not taken where its signature is of another key', async () => {
    const other = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
    using subject = updater({ mode: 'automatic', key: other });
    await subject.offered(NEWER);
    expect(restarts).toBe(0);
    expect(subject.status.note).toContain('not signed with the key');
    expect(existsSync(join(folder, NEWER))).toBe(false);
  });

  it.each([
    ['container', 'pull the new image'],
    ['source', 'pull the sources'],
  ] as const)('is not for a %s, which says who brings new versions', async (kind, sentence) => {
    using subject = updater({ mode: 'automatic' }, { kind });
    await subject.offered(NEWER);
    expect([restarts, subject.status.note]).toEqual([0, expect.stringContaining(sentence)]);
    await expect(subject.take()).rejects.toThrow(sentence);
  });
});
