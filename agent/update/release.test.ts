import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ReleaseManifest } from '../../shared/protocol/release.ts';
import { askRelease, fetchRelease, judgeRelease } from './release.ts';

const AGENT = Buffer.from('the agent');
const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const KEY = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
const content = (bytes: Buffer) => ({ size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') });
const MANIFEST: ReleaseManifest = {
  ...{ format: 1, version: '1.2.0', channel: 'stable', protocol: 1, minProtocol: 1 },
  files: { 'agent.mjs': content(AGENT), 'launcher.mjs': content(AGENT) },
};

let server: Server;
let edge: string;
let served: Record<string, string | Buffer>;

beforeAll(async () => {
  server = createServer((request, response) => {
    const body = served[request.url?.replace('/install/', '') ?? ''];
    response.writeHead(body === undefined ? 404 : 200).end(body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  edge = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());
beforeEach(() => {
  const manifest = JSON.stringify(MANIFEST);
  const signature = sign(null, Buffer.from(manifest), privateKey).toString('base64');
  served = { 'manifest.json': manifest, 'manifest.sig': `${signature}\n`, 'agent.mjs': AGENT, 'launcher.mjs': AGENT };
});

describe('a release', () => {
  it('is taken when it is signed with the pinned key and is what it says', async () => {
    const release = await askRelease(edge, KEY);
    expect(release.manifest.version).toBe('1.2.0');
    expect((await fetchRelease(edge, release))['agent.mjs']).toEqual(AGENT);
  });

  it('is not believed with another key, a changed manifest, or without a key', async () => {
    const other = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
    await expect(askRelease(edge, other)).rejects.toThrow('not signed with the key');
    await expect(askRelease(edge, null)).rejects.toThrow('No release key is pinned');
    served['manifest.json'] = JSON.stringify({ ...MANIFEST, version: '9.0.0' });
    await expect(askRelease(edge, KEY)).rejects.toThrow('not signed with the key');
  });

  it('is not taken when a file is another, shorter or longer one', async () => {
    const release = await askRelease(edge, KEY);
    served['agent.mjs'] = Buffer.from('the other');
    await expect(fetchRelease(edge, release)).rejects.toThrow('agent.mjs is not what');
    served['agent.mjs'] = Buffer.from('short');
    await expect(fetchRelease(edge, release)).rejects.toThrow('agent.mjs is not what');
    served['agent.mjs'] = Buffer.from('the agent and more');
    await expect(fetchRelease(edge, release)).rejects.toThrow('larger than its release says');
  });

  it('that a server does not have is told so', async () => {
    served = {};
    await expect(askRelease(edge, KEY)).rejects.toThrow('it has no agent to offer');
  });
});

it.each([
  ['1.2.0', 'stable', '1.2.0', 'same'],
  ['1.2.0', 'stable', '1.10.0', 'older'],
  ['1.10.0', 'stable', '1.9.0', 'newer'],
  ['1.2.0', 'stable', '1.2.0-beta.1', 'newer'],
  ['1.2.0-beta.2', 'stable', '1.2.0', 'older'],
] as const)('%s (%s) is to %s: %s', (version, channel, running, verdict) => {
  expect(judgeRelease({ ...MANIFEST, version, channel }, running, 'stable')).toBe(verdict);
});

it('a beta is only for machines that follow betas; what speaks a link of the future is for none', () => {
  expect(judgeRelease({ ...MANIFEST, channel: 'beta' }, '1.0.0', 'stable')).toBe('other-channel');
  expect(judgeRelease({ ...MANIFEST, channel: 'beta' }, '1.0.0', 'beta')).toBe('newer');
  expect(judgeRelease({ ...MANIFEST, minProtocol: 99 }, '1.0.0', 'stable')).toBe('too-new');
});
