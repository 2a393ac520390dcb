import { setImmediate as nextTurn } from 'node:timers/promises';
import { parentPort } from 'node:worker_threads';
import { DISK } from '../scan/file-system.ts';
import type { Folder } from '../scan/folder.ts';
import { type WalkOptions, walk } from '../scan/walk.ts';
import { type ReaderAnswer, type ReaderRequest, toSent } from './messages.ts';

/** A batch of folders ends after this many folders or files, or this long. */
const BATCH_FOLDERS = 200;
const BATCH_FILES = 500;
const BATCH_MS = 20;

if (!parentPort) throw new Error('This is the reading thread: it is started by the library.');
const port = parentPort;
const answer = (message: ReaderAnswer) => port.postMessage(message);

/** How many batches the library will still take. */
let credit = 2;
let onCredit = () => {};

async function sendFolders(options: WalkOptions): Promise<void> {
  let batch: Folder[] = [];
  let files = 0;
  let since = performance.now();
  for (const folder of walk(options, DISK)) {
    batch.push(folder);
    if (folder.state === 'changed') files += folder.videos.length + folder.pictures.length;
    if (batch.length < BATCH_FOLDERS && files < BATCH_FILES && performance.now() - since < BATCH_MS) continue;
    answer({ kind: 'folders', folders: batch, last: false });
    batch = [];
    files = 0;
    credit--;
    // Films that wait to be read get their turn between two batches.
    await nextTurn();
    if (credit === 0) await new Promise<void>((resolve) => (onCredit = resolve));
    since = performance.now();
  }
  answer({ kind: 'folders', folders: batch, last: true });
}

async function read(id: number, work: () => Promise<Extract<ReaderAnswer, { kind: 'done' }>['result']>): Promise<void> {
  try {
    answer({ kind: 'done', id, result: await work() });
  } catch (error) {
    answer({ kind: 'failed', id, error: toSent(error) });
  }
}

/** Loaded when there is something to read: a scan that finds nothing new begins without them. */
const contents = () => import('./content.ts');
const sidecars = () => import('../sidecar/sidecar.ts');

port.on('message', (request: ReaderRequest) => {
  switch (request.kind) {
    case 'walk':
      sendFolders(request.options).catch((error: unknown) => answer({ kind: 'walk-failed', error: toSent(error) }));
      break;
    case 'more':
      credit++;
      onCredit();
      break;
    case 'content':
      void read(request.id, async () => (await contents()).readContent(request.path, request.size));
      break;
    case 'picture':
      void read(request.id, async () => (await contents()).readPicture(request.path));
      break;
    case 'sidecar':
      void read(request.id, async () => (await sidecars()).readSidecar(request.path));
      break;
    default:
      request satisfies never;
  }
});
