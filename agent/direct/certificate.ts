import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import type { Logger } from 'pino';
import { AgentError, EXIT } from '../exit-codes.ts';

/** PEM files: the certificate with those between it and its root, and its key. */
export interface CertificateFiles {
  certificate: string;
  key: string;
}

export interface Certificate {
  pem: { cert: string; key: string };
  x509: X509Certificate;
}

/** Reads a certificate and its key. Throws an AgentError with a sentence for a person. */
export function readCertificate(files: CertificateFiles): Certificate {
  const [cert, key] = [readPem(files.certificate), readPem(files.key)];
  const wrong = (what: string, cause?: unknown) => new AgentError(what, EXIT.usage, { cause });
  let x509: X509Certificate;
  try {
    x509 = new X509Certificate(cert);
  } catch (cause) {
    throw wrong(`${files.certificate} is not a certificate in PEM form.`, cause);
  }
  let fits: boolean;
  try {
    fits = x509.checkPrivateKey(createPrivateKey(key));
  } catch (cause) {
    throw wrong(`${files.key} is not a private key in PEM form without a password.`, cause);
  }
  if (!fits) throw wrong(`${files.key} is not the key of ${files.certificate}.`);
  return { pem: { cert, key }, x509 };
}

/** Tells of a renewed certificate; files that do not fit together yet are looked at again. */
export function watchCertificate(
  files: CertificateFiles,
  { log, lookMs }: { log: Logger; lookMs: number },
  renewed: (certificate: Certificate) => void,
): Disposable {
  const paths = [files.certificate, files.key];
  const look = () => {
    try {
      renewed(readCertificate(files));
      log.info('the certificate of the direct way was read again');
    } catch (error) {
      log.warn(`${(error as Error).message} What was there before is used on.`);
    }
  };
  for (const path of paths) watchFile(path, { interval: lookMs, persistent: false }, look);
  return {
    [Symbol.dispose]() {
      for (const path of paths) unwatchFile(path, look);
    },
  };
}

/** The host names and addresses that a certificate is for; wildcards are left out, since they are no address. */
export function namesOf(x509: X509Certificate): string[] {
  const entries = (x509.subjectAltName ?? '').split(', ');
  return entries
    .map((entry) => /^(?:DNS|IP Address):(.+)$/.exec(entry)?.[1] ?? '')
    .filter((name) => name !== '' && !name.includes('*'));
}

function readPem(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new AgentError(`${path} cannot be read (${code}).`, EXIT.usage, { cause });
  }
}
