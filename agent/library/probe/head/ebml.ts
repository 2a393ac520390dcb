import type { HeadBytes } from './head-bytes.ts';
import { Unsure } from './unsure.ts';

export interface Element {
  id: number;
  payload: Buffer;
}

/** Where an element of the file lies. */
export interface Place {
  id: number;
  start: number;
  end: number;
}

const MAX_HEADER_BYTES = 12;
const MAX_ELEMENTS = 20_000;

/** The element whose header is at `offset`; of unknown size it reaches to the file's end. Null at the end of the file. */
export function placeAt(file: HeadBytes, offset: number): Place | null {
  if (offset >= file.size) return null;
  const head = headerIn(file.at(offset, Math.min(MAX_HEADER_BYTES, file.size - offset)), 0);
  const start = offset + head.length;
  return { id: head.id, start, end: head.size === null ? file.size : start + head.size };
}

/** The elements in a payload. Throws Unsure where one is torn. */
export function elementsIn(payload: Buffer): Element[] {
  const elements: Element[] = [];
  for (let at = 0; at < payload.length; ) {
    const { id, size, length } = headerIn(payload, at);
    if (size === null || at + length + size > payload.length) throw new Unsure('a torn element');
    elements.push({ id, payload: payload.subarray(at + length, at + length + size) });
    if (elements.length > MAX_ELEMENTS) throw new Unsure('too many elements');
    at += length + size;
  }
  return elements;
}

/** Id, payload size (null is unknown) and header length. */
function headerIn(bytes: Buffer, at: number): { id: number; size: number | null; length: number } {
  const idLength = Math.clz32(bytes.readUInt8(at)) - 23;
  if (idLength > 4) throw new Unsure('no element');
  const id = bytes.readUIntBE(at, idLength);
  const { value, length, unknown } = numberAt(bytes, at + idLength);
  return { id, size: unknown ? null : value, length: idLength + length };
}

/** A number that tells its own length. */
export function numberAt(bytes: Buffer, at: number): { value: number; length: number; unknown: boolean } {
  const first = bytes.readUInt8(at);
  const length = Math.clz32(first) - 23;
  if (length > 8) throw new Unsure('no number');
  let value = first & (0xff >> length);
  let unknown = value === 0xff >> length;
  for (let i = 1; i < length; i++) {
    const byte = bytes.readUInt8(at + i);
    unknown &&= byte === 0xff;
    value = value * 256 + byte;
  }
  return { value, length, unknown };
}

/** An element's payload as an unsigned number, a float or text. */
export function unsigned(payload: Buffer): number {
  let value = 0;
  for (const byte of payload) value = value * 256 + byte;
  if (!Number.isSafeInteger(value)) throw new Unsure('a number too great');
  return value;
}

export function float(payload: Buffer): number {
  if (payload.length === 4) return payload.readFloatBE(0);
  if (payload.length === 8) return payload.readDoubleBE(0);
  throw new Unsure('no float');
}

export const text = (payload: Buffer): string => payload.toString('utf8').replace(/\0.*$/s, '');

/** The children of an element by id; of repeated ones the last, as FFmpeg takes it. */
export class Fields {
  readonly #fields: ReadonlyMap<number, Buffer>;

  constructor(payload: Buffer) {
    this.#fields = new Map(elementsIn(payload).map((element) => [element.id, element.payload]));
  }

  has(id: number): boolean {
    return this.#fields.has(id);
  }

  bytes(id: number): Buffer | null {
    return this.#fields.get(id) ?? null;
  }

  number<T>(id: number, otherwise: T): number | T {
    const payload = this.#fields.get(id);
    return payload ? unsigned(payload) : otherwise;
  }

  /** A number that only names something, of any length. */
  key(id: number): string {
    return (this.#fields.get(id) ?? Buffer.alloc(0)).toString('hex').replace(/^(?:00)+/, '');
  }

  text<T>(id: number, otherwise: T): string | T {
    const payload = this.#fields.get(id);
    return payload ? text(payload) : otherwise;
  }
}
