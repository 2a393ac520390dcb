// The entry of the single-file bundle: one file is the command line, and the thread that it starts for reading.
import { isMainThread } from 'node:worker_threads';

if (isMainThread) await import('./cli.ts');
else await import('./library/reader/thread.ts');
