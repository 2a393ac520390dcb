import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Download } from './viewer.ts';

const run = promisify(execFile);
const FORMAT = '%{http_code} %{size_download} %{time_total}';

/**
 * Reads a URL to its end with curl, as quickly as a viewer that is not written in JavaScript can: Node's client takes
 * a second of processor time for each gigabyte, more than the server that it would measure.
 */
export async function downloadNatively(url: string): Promise<Download> {
  // Without --fail a refusal would be a very fast film; curl itself sees a body that is cut short.
  const { stdout } = await run('curl', ['--silent', '--show-error', '--fail', '-o', '/dev/null', '-w', FORMAT, url]);
  const [status, bytes, seconds] = stdout.split(' ').map(Number);
  if (status !== 200 || !bytes || !seconds) throw new Error(`curl: ${stdout}`);
  return { bytes, seconds };
}
