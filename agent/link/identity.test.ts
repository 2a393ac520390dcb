import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { enrol, loadIdentity } from './identity.ts';

let dataDir: string;
let server: Server;
let edge: string;
let seen: { code: string; publicKey: string }[];
let answer: { status: number; body: unknown };

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'hearthcast-identity-'));
  seen = [];
  answer = { status: 201, body: { agentId: 'agt_AAAAAAAAAAAAAAAAAAAAAA', siteId: '1', siteName: 'Home' } };
  server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    seen.push(JSON.parse(text));
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  edge = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  await new Promise((resolve) => server.close(resolve));
  rmSync(dataDir, { recursive: true });
});

const options = () => ({ edge, code: 'ABCD-EFGH', name: 'attic', dataDir });

it('[EN3] sends the public half of a key made here, and keeps the private half for its owner only', async () => {
  const identity = await enrol(options());
  expect(seen).toEqual([{ code: 'ABCD-EFGH', publicKey: identity.privateKey.x, name: 'attic' }]);
  expect(JSON.stringify(seen)).not.toContain(identity.privateKey.d);
  const file = join(dataDir, 'identity.json');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readFileSync(file, 'utf8')).toContain(identity.privateKey.d);
});

it('[EN3] finds its identity again at the next start', async () => {
  const { generation, ...identity } = await enrol(options());
  const again = loadIdentity(dataDir);
  expect(again).toMatchObject(identity);
  expect(again?.generation).toBeGreaterThan(generation);
});

it('[HS5] rises in generation also when the clock was set back', async () => {
  await enrol(options());
  writeFileSync(join(dataDir, 'generation'), String(Date.now() + 3_600_000));
  const first = loadIdentity(dataDir)?.generation ?? 0;
  expect(first).toBeGreaterThan(Date.now() + 3_500_000);
  expect(loadIdentity(dataDir)?.generation).toBe(first + 1);
});

it('has no identity before the enrolment, and will not replace a damaged one', async () => {
  expect(loadIdentity(dataDir)).toBeNull();
  writeFileSync(join(dataDir, 'identity.json'), '{"agentId":');
  expect(() => loadIdentity(dataDir)).toThrow('enrol this machine again');
});

it('says what is wrong in the words of the edge', async () => {
  answer = {
    status: 400,
    body: {
      type: 'x',
      title: 'The code is wrong, used or expired',
      status: 400,
      code: 'code-invalid',
      retryable: false,
    },
  };
  await expect(enrol(options())).rejects.toThrow('The code is wrong, used or expired');
  expect(loadIdentity(dataDir)).toBeNull();
});

it('says so when there is no Hearthcast server at the address', async () => {
  answer = { status: 404, body: 'nothing' };
  await expect(enrol(options())).rejects.toThrow('is this the address of a Hearthcast server?');
  await expect(enrol({ ...options(), edge: 'http://127.0.0.1:1' })).rejects.toThrow('check the address');
});
