import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair } from 'jose';
import { expect, test } from 'vitest';
import { LEAVE_PATH } from '../../shared/protocol/enrolment.ts';
import type { Identity } from './identity.ts';
import { leaveEdge } from './leave.ts';

async function identityAt(edge: string): Promise<Identity> {
  const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  const { x = '', d = '' } = await exportJWK(privateKey);
  const key = { kty: 'OKP', crv: 'Ed25519', x, d } as const;
  const agentId = 'agt_T5bwPI15-yPo2SjP4ldoVg';
  return { agentId, edge, name: 'attic', siteName: 'Home', privateKey: key, generation: 1 };
}

/** An edge that gives a nonce and answers a leave with this status. */
async function edge(status: number) {
  const server = createServer((request, response) => {
    if (request.url === '/agent/v1/nonce') response.end('{"nonce":"n","expiresInS":300}');
    else response.writeHead(request.url === LEAVE_PATH && request.method === 'POST' ? status : 404).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, [Symbol.dispose]: () => void server.close() };
}

test.each([204, 401])('[EN5] with %i the server knows the machine no more', async (status) => {
  using server = await edge(status);
  await expect(leaveEdge(await identityAt(server.url))).resolves.toBeUndefined();
});

test.each([404, 500])('[EN5] a server that answers %i has not let it go', async (status) => {
  using server = await edge(status);
  await expect(leaveEdge(await identityAt(server.url))).rejects.toThrow(`${server.url} answered ${status}`);
});

test('[EN5] where no server answers, that is said', async () => {
  await expect(leaveEdge(await identityAt('http://127.0.0.1:9'))).rejects.toThrow('http://127.0.0.1:9 did not answer');
});
