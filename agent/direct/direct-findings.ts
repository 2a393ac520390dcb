import { connect, isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { connect as connectSecure } from 'node:tls';
import type { DirectAddress } from '../../shared/protocol/direct.ts';
import { type Finding, failed, ok, warning } from '../finding.ts';
import { announcedAddresses } from './addresses.ts';
import { type Certificate, namesOf, readCertificate } from './certificate.ts';
import type { DirectConfig } from './config.ts';

const REACH_MS = 3_000;
const DAY_MS = 24 * 60 * 60_000;

/** Renewals come a month before the end; one that is this late has failed. */
const LATE_DAYS = 14;

const ABOUT = 'direct way';

/** What viewers would meet who come to this machine themselves. One line where nobody is meant to. Never rejects. */
export async function directFindings(config: DirectConfig, now = Date.now()): Promise<Finding[]> {
  if (config.port === 0) return [ok(ABOUT, 'off: viewers come by the server (direct.port turns it on)')];
  let certificate: Certificate | null = null;
  try {
    certificate = config.certificate && readCertificate(config.certificate);
  } catch (error) {
    return [failed('certificate', (error as Error).message, 'See docs/direct.md for how to get one.')];
  }
  const about = certificate ? [certificateFinding(certificate, config, now)] : [plainFinding()];
  const around = { interfaces: networkInterfaces(), port: config.port, x509: certificate?.x509 ?? null };
  const addresses = announcedAddresses(config, { ...around, known: new Map() });
  if (addresses.length === 0) {
    about.push(warning(ABOUT, 'No address is announced', 'Write them down: direct.addresses in the configuration.'));
  }
  return [...about, ...(await Promise.all(addresses.map(reachFinding)))];
}

function plainFinding(): Finding {
  const advice =
    'Chromium lets a page of an HTTPS server reach it after asking, Firefox and Safari do not: give it a certificate.';
  return warning('certificate', 'None: the direct way is plain HTTP', advice);
}

function certificateFinding({ x509 }: Certificate, { addresses }: DirectConfig, now: number): Finding {
  const names = namesOf(x509);
  const missing = addresses
    .map((address) => new URL(address))
    .filter(({ protocol }) => protocol === 'https:')
    .map(({ hostname }) => hostname.replace(/^\[(.*)\]$/, '$1'))
    .filter((name) => !(isIP(name) ? x509.checkIP(name) : x509.checkHost(name)));
  const days = Math.floor((Date.parse(x509.validTo) - now) / DAY_MS);
  const said = `for ${names.join(', ') || 'no name'}`;
  if (missing.length > 0) {
    return failed('certificate', `${said}, not for ${missing.join(', ')}`, 'Get one for the announced names.');
  }
  if (days < 0)
    return failed('certificate', `${said}, ended ${-days} days ago`, 'Renew it: the file is read again by itself.');
  if (days < LATE_DAYS) return warning('certificate', `${said}, ends in ${days} days`, 'See why it was not renewed.');
  return ok('certificate', `${said}, ${days} days left`);
}

/** Whether something answers at an address from here; from other networks only their own devices can tell. */
async function reachFinding({ url }: DirectAddress): Promise<Finding> {
  const { protocol, hostname, port } = new URL(url);
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const secure = protocol === 'https:';
  const to = { host, port: Number(port) || (secure ? 443 : 80), timeout: REACH_MS };
  const failure = await new Promise<string | null>((resolve) => {
    const socket = secure ? connectSecure({ ...to, servername: host }) : connect(to);
    const end = (said: string | null) => {
      socket.destroy();
      resolve(said);
    };
    socket.once(secure ? 'secureConnect' : 'connect', () => end(null));
    socket.once('timeout', () => end('no answer'));
    socket.once('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
  });
  if (failure === null) return ok(ABOUT, `${url} answers`);
  // Signed by an authority of one's own: the devices that trust it will, this one may not.
  if (/CERT|SELF_SIGNED|ISSUER|VERIFY/.test(failure)) {
    return warning(
      ABOUT,
      `${url} answers with a certificate that this machine does not trust (${failure})`,
      'Devices that trust its authority can use it.',
    );
  }
  return warning(
    ABOUT,
    `${url} does not answer (${failure})`,
    'Is the agent running, and the port open in its firewall?',
  );
}
