import type { Folder } from '../scan/folder.ts';
import type { WalkOptions } from '../scan/walk.ts';
import type { SaidSidecar } from '../sidecar/sidecar.ts';
import type { Content } from './content.ts';

/** To the reading thread. */
export type ReaderRequest =
  | { kind: 'walk'; options: WalkOptions }
  /** Another batch of folders may come. */
  | { kind: 'more' }
  | { kind: 'content'; id: number; path: string; size: number }
  | { kind: 'picture'; id: number; path: string }
  | { kind: 'sidecar'; id: number; path: string };

/** An error as it crosses between threads: `code` and `syscall` of the system's own are kept. */
export interface SentError {
  message: string;
  code: string | null;
  syscall: string | null;
}

/** From the reading thread. */
export type ReaderAnswer =
  | { kind: 'folders'; folders: Folder[]; last: boolean }
  | { kind: 'walk-failed'; error: SentError }
  | { kind: 'done'; id: number; result: Content | SaidSidecar | string }
  | { kind: 'failed'; id: number; error: SentError };

export function toSent(error: unknown): SentError {
  const { message, code, syscall } = error as Partial<NodeJS.ErrnoException>;
  return { message: message ?? String(error), code: code ?? null, syscall: syscall ?? null };
}

export function fromSent({ message, code, syscall }: SentError): Error {
  return Object.assign(new Error(message), code === null ? {} : { code, ...(syscall === null ? {} : { syscall }) });
}
