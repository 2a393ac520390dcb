import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, expect, it } from 'vitest';
import { directFindings } from '../../agent/direct/direct-findings.ts';
import { openListener } from '../../agent/direct/listener.ts';

const folder = mkdtempSync(join(tmpdir(), 'hearthcast-direct-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const files = { certificate: join(folder, 'c.pem'), key: join(folder, 'k.pem') };
const args = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '30'];
args.push('-keyout', files.key, '-out', files.certificate, '-subj', '/CN=localhost');
execFileSync('openssl', [...args, '-addext', 'subjectAltName=DNS:localhost'], { stdio: 'pipe' });
const log = pino({ level: 'silent' });
const DAY = 24 * 60 * 60_000;

it('says in one line that nobody comes here directly', async () => {
  const findings = await directFindings({ host: null, port: 0, addresses: [], certificate: null });
  expect(findings).toMatchObject([{ about: 'direct way', verdict: 'ok' }]);
});

it('says what plain HTTP means to browsers, and which addresses answer', async () => {
  await using listener = await openListener({ host: '127.0.0.1', port: 0, certificate: null, routes: new Map(), log });
  const { port } = listener;
  const addresses = [`http://127.0.0.1:${port}`, 'http://127.0.0.1:1'];
  const findings = await directFindings({ host: null, port, addresses, certificate: null });
  expect(findings).toMatchObject([
    { about: 'certificate', verdict: 'warning', advice: expect.stringContaining('Firefox') },
    { verdict: 'ok', said: `http://127.0.0.1:${port} answers` },
    { verdict: 'warning', said: 'http://127.0.0.1:1 does not answer (ECONNREFUSED)' },
  ]);
});

it('looks at the names of a certificate, at its end, and at who trusts it', async () => {
  await using listener = await openListener({ host: null, port: 0, certificate: files, routes: new Map(), log });
  const config = { host: null, port: listener.port, addresses: [], certificate: files };
  const [certificate, reach] = await directFindings(config);
  expect(certificate).toMatchObject({ verdict: 'ok', said: expect.stringContaining('for localhost, 29 days left') });
  expect(reach).toMatchObject({ verdict: 'warning', said: expect.stringContaining('does not trust') });
  const later = async (days: number) => (await directFindings(config, Date.now() + days * DAY))[0];
  expect(await later(20)).toMatchObject({ verdict: 'warning', said: expect.stringContaining('ends in 9 days') });
  expect(await later(40)).toMatchObject({ verdict: 'failed', said: expect.stringContaining('ended') });
  const wrong = await directFindings({ ...config, addresses: [`https://cellar.example:${listener.port}`] });
  expect(wrong[0]).toMatchObject({ verdict: 'failed', said: expect.stringContaining('not for cellar.example') });
  const missing = { certificate: join(folder, 'none'), key: files.key };
  expect(await directFindings({ ...config, certificate: missing })).toMatchObject([{ verdict: 'failed' }]);
});
