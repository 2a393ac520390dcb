import { runInDurableObject } from 'cloudflare:test';
import { vi } from 'vitest';

/** What an object does with its storage. */
type Storage = Pick<DurableObjectStorage, 'kv' | 'setAlarm' | 'deleteAlarm' | 'deleteAll' | 'sql'>;

const failure = () => {
  throw new Error('the disk is full');
};

/**
 * Does something while an object's storage takes nothing; with `reads` it gives nothing either. What is awaited in
 * `act` happens meanwhile.
 */
export async function whileStorageFails<T>(
  stub: DurableObjectStub,
  act: () => Promise<T>,
  { reads = false } = {},
): Promise<T> {
  await runInDurableObject(stub, (_, { storage }) => breakStorage(storage, reads));
  try {
    return await act();
  } finally {
    await runInDurableObject(stub, () => vi.restoreAllMocks());
  }
}

function breakStorage(storage: Storage, reads: boolean): void {
  vi.spyOn(storage.kv, 'put').mockImplementation(failure);
  vi.spyOn(storage.kv, 'delete').mockImplementation(failure);
  vi.spyOn(storage.sql, 'exec').mockImplementation(failure);
  vi.spyOn(storage, 'setAlarm').mockImplementation(async () => failure());
  if (!reads) return;
  vi.spyOn(storage.kv, 'get').mockImplementation(failure);
  vi.spyOn(storage.kv, 'list').mockImplementation(failure);
}
