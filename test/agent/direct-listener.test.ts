import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { pino } from 'pino';
import { afterAll, expect, it, vi } from 'vitest';
import { namesOf, readCertificate } from '../../agent/direct/certificate.ts';
import { type DirectRoute, openListener } from '../../agent/direct/listener.ts';

const folder = mkdtempSync(join(tmpdir(), 'hearthcast-direct-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const log = pino({ level: 'silent' });

function makeCertificate(name: string, alternatives: string) {
  const files = { certificate: join(folder, `${name}.pem`), key: join(folder, `${name}.key`) };
  const args = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  args.push('-keyout', files.key, '-out', files.certificate, '-subj', `/CN=${name}`);
  execFileSync('openssl', [...args, '-addext', `subjectAltName=${alternatives}`], { stdio: 'pipe' });
  return files;
}

/** The common name of the certificate that a port shows. */
function shownBy(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = request({ port, host: '127.0.0.1', path: '/', rejectUnauthorized: false, agent: false });
    asked.once('response', (response) => {
      resolve(String((response.socket as TLSSocket).getPeerCertificate().subject.CN));
      response.resume();
    });
    asked.once('error', reject).end();
  });
}

const echo: DirectRoute = async (_request, response, { rest, query }) => {
  response.end(`${rest} ${query.get('q')}`);
};

it('hands requests to the route of their prefix, and answers everything else with nothing', async () => {
  const routes = new Map([['/echo/v1/', echo]]);
  await using listener = await openListener({ host: '127.0.0.1', port: 0, certificate: null, routes, log });
  const origin = `http://127.0.0.1:${listener.port}`;
  expect(await (await fetch(`${origin}/echo/v1/a/b?q=1`)).text()).toBe('a/b 1');
  const unknown = await fetch(`${origin}/other`);
  expect([unknown.status, await unknown.text()]).toEqual([404, '']);
});

it('ends what is under way when it is closed, and tells a route that its viewer has left', async () => {
  const seen: string[] = [];
  const wait: DirectRoute = (_request, response, { rest, signal }) => {
    response.writeHead(200).write('.');
    return new Promise((_, reject) => {
      signal.addEventListener('abort', () => {
        seen.push(rest);
        reject(signal.reason);
      });
    });
  };
  const routes = new Map([['/', wait]]);
  const listener = await openListener({ host: '127.0.0.1', port: 0, certificate: null, routes, log });
  const leave = new AbortController();
  await fetch(`http://127.0.0.1:${listener.port}/left`, { signal: leave.signal });
  leave.abort();
  await vi.waitFor(() => expect(seen).toEqual(['left']), { timeout: 30_000 });
  const stays = await fetch(`http://127.0.0.1:${listener.port}/closed`);
  await listener[Symbol.asyncDispose]();
  await expect(stays.text()).rejects.toThrow();
  expect(seen).toEqual(['left', 'closed']);
});

it('takes a renewed certificate over while it runs, and keeps the old one while the files do not fit', async () => {
  const files = makeCertificate('first', 'DNS:cellar.example,IP:192.168.1.5,DNS:*.wild.example');
  const second = makeCertificate('second', 'DNS:cellar.example');
  expect(namesOf(readCertificate(files).x509)).toEqual(['cellar.example', '192.168.1.5']);
  const options = { host: '127.0.0.1', port: 0, certificate: files, routes: new Map(), log, lookMs: 20 };
  await using listener = await openListener(options);
  expect(await shownBy(listener.port)).toBe('first');
  copyFileSync(second.certificate, files.certificate);
  expect(() => readCertificate(files)).toThrow('is not the key of');
  expect(await shownBy(listener.port)).toBe('first');
  copyFileSync(second.key, files.key);
  await vi.waitFor(async () => expect(await shownBy(listener.port)).toBe('second'), { timeout: 30_000 });
  expect(listener.certificate?.x509.subject).toBe('CN=second');
});

it('says in a sentence what is wrong with a port or a certificate', async () => {
  const routes = new Map();
  await using taken = await openListener({ host: '127.0.0.1', port: 0, certificate: null, routes, log });
  const again = openListener({ host: '127.0.0.1', port: taken.port, certificate: null, routes, log });
  await expect(again).rejects.toThrow(`cannot listen on 127.0.0.1, port ${taken.port} (EADDRINUSE)`);
  const missing = { certificate: join(folder, 'none.pem'), key: join(folder, 'none.key') };
  expect(() => readCertificate(missing)).toThrow('none.pem cannot be read (ENOENT)');
});
