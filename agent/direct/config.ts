import type { HeldSettings } from '../config/resolve.ts';
import { AgentError, EXIT } from '../exit-codes.ts';
import type { CertificateFiles } from './certificate.ts';

/** How viewers may come to this machine themselves; port 0 is not at all. */
export interface DirectConfig {
  /** Null is everywhere. */
  host: string | null;
  port: number;
  /** Origins that viewers are told; empty is what the machine finds out of itself. */
  addresses: string[];
  /** Null is plain HTTP. */
  certificate: CertificateFiles | null;
}

/** Throws an AgentError (usage) where a certificate is named without its key, or a key without its certificate. */
export function directOf(settings: HeldSettings): DirectConfig {
  const { directCertificate, directKey } = settings;
  const [certificate, key] = [directCertificate.value, directKey.value];
  if ((certificate === null) !== (key === null)) {
    const missing = certificate === null ? 'direct.certificate' : 'direct.key';
    throw new AgentError(`A certificate and its key go together: ${missing} is missing.`, EXIT.usage);
  }
  return {
    host: settings.directListen.value,
    port: settings.directPort.value,
    addresses: settings.directAddresses.value,
    certificate: certificate !== null && key !== null ? { certificate, key } : null,
  };
}
