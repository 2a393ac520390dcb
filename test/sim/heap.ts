import WebSocket from 'ws';
import { z } from 'zod';

/** How long a Worker may take to collect and answer. */
const ANSWER_MS = 30_000;

const HeapUsage = z.object({ usedSize: z.number() });

const Targets = z.array(z.object({ webSocketDebuggerUrl: z.string() }));

/** MiB of JavaScript that live after a full collection, over all Workers of an edge: ours and those on the way to it. */
export async function liveHeapMiB(inspector: URL): Promise<number> {
  const targets = Targets.parse(await (await fetch(`http://${inspector.host}/json/list`)).json());
  let bytes = 0;
  for (const { webSocketDebuggerUrl } of targets) bytes += await liveBytes(webSocketDebuggerUrl);
  return Number((bytes / 2 ** 20).toFixed(1));
}

async function liveBytes(address: string): Promise<number> {
  const socket = new WebSocket(address);
  try {
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    // A snapshot collects all garbage first; `collectGarbage` itself is not answered here.
    await ask(socket, 1, 'HeapProfiler.enable');
    await ask(socket, 2, 'HeapProfiler.takeHeapSnapshot');
    return HeapUsage.parse(await ask(socket, 3, 'Runtime.getHeapUsage')).usedSize;
  } finally {
    socket.terminate();
  }
}

function ask(socket: WebSocket, id: number, method: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`${method} was not answered`)), ANSWER_MS);
    socket.on('message', (data) => {
      const answer = JSON.parse(String(data)) as { id?: number; result?: unknown; error?: { message: string } };
      if (answer.id !== id) return;
      clearTimeout(late);
      if (answer.error) reject(new Error(answer.error.message));
      else resolve(answer.result);
    });
    socket.send(JSON.stringify({ id, method }));
  });
}
