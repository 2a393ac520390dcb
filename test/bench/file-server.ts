import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { download } from './viewer.ts';

export interface FileServer extends AsyncDisposable {
  url: string;
  pids: number[];
}

/** The agent's way of reading a file, without the edge: Node's HTTP server and reads of 1 MB, in its own process. */
const NODE_SERVER = `
import { createReadStream, statSync } from 'node:fs';
import { createServer } from 'node:http';
const [file] = process.argv.slice(-1);
const { size } = statSync(file);
const server = createServer((request, response) => {
  const match = /^bytes=(\\d+)-(\\d+)$/.exec(request.headers.range ?? '');
  const [start, end] = match ? [Number(match[1]), Number(match[2])] : [0, size - 1];
  response.writeHead(match ? 206 : 200, { 'content-length': end - start + 1 });
  createReadStream(file, { start, end, highWaterMark: 1024 * 1024 }).pipe(response);
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
`;

export async function serveByNode(file: string): Promise<FileServer> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', NODE_SERVER, file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const port = await new Promise<string>((resolve) => createInterface({ input: child.stdout }).once('line', resolve));
  return {
    url: `http://127.0.0.1:${port}/`,
    pids: [child.pid as number],
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
    },
  };
}

/** nginx on the same file, or null where it is not installed. */
export async function serveByNginx(file: string): Promise<FileServer | null> {
  if (spawnSync('nginx', ['-v']).error) return null;
  const dir = mkdtempSync(join(tmpdir(), 'hearthcast-nginx-'));
  const port = await freePort();
  const config = join(dir, 'nginx.conf');
  writeFileSync(
    config,
    `daemon off; worker_processes 1; pid ${dir}/pid; error_log /dev/null; user root;
events {} http { access_log off; sendfile on; server { listen 127.0.0.1:${port}; root ${dirname(file)}; } }`,
  );
  const child = spawn('nginx', ['-p', dir, '-c', config], { stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}/${encodeURIComponent(basename(file))}`;
  for (let i = 0; i < 50; i++) {
    if (await download(url, { range: 'bytes=0-0' }).catch(() => null)) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    url,
    pids: [child.pid as number],
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
