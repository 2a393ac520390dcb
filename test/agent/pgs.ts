/** When a white box stands where, in seconds and in pixels of the canvas. */
export interface Box {
  from: number;
  to: number;
  x: number;
  y: number;
  width: number;
  height: number;
}

const CLOCK = 90_000;

/** Subtitles of a Blu-ray (PGS, `.sup`), for which ffmpeg has no encoder: white boxes on a canvas. */
export function pgs(canvas: { width: number; height: number }, boxes: readonly Box[]): Buffer {
  const parts: Buffer[] = [];
  boxes.forEach((box, n) => {
    const shown = (type: number, body: Buffer) => parts.push(segment(box.from, type, body));
    shown(0x16, composition(canvas, n * 2, 0x80, box));
    shown(0x17, window(box));
    // One colour: white, opaque.
    shown(0x14, Buffer.from([0, 0, 1, 235, 128, 128, 255]));
    shown(0x15, picture(box));
    shown(0x80, Buffer.alloc(0));
    const cleared = (type: number, body: Buffer) => parts.push(segment(box.to, type, body));
    cleared(0x16, composition(canvas, n * 2 + 1, 0x00, null));
    cleared(0x17, window(box));
    cleared(0x80, Buffer.alloc(0));
  });
  return Buffer.concat(parts);
}

function segment(seconds: number, type: number, body: Buffer): Buffer {
  const head = Buffer.alloc(13);
  head.write('PG', 0, 'latin1');
  head.writeUInt32BE(Math.round(seconds * CLOCK), 2);
  head.writeUInt8(type, 10);
  head.writeUInt16BE(body.length, 11);
  return Buffer.concat([head, body]);
}

function composition(canvas: { width: number; height: number }, n: number, state: number, box: Box | null): Buffer {
  const head = Buffer.alloc(11);
  head.writeUInt16BE(canvas.width, 0);
  head.writeUInt16BE(canvas.height, 2);
  head.writeUInt8(0x10, 4);
  head.writeUInt16BE(n, 5);
  head.writeUInt8(state, 7);
  head.writeUInt8(box ? 1 : 0, 10);
  if (!box) return head;
  const object = Buffer.alloc(8);
  object.writeUInt16BE(box.x, 4);
  object.writeUInt16BE(box.y, 6);
  return Buffer.concat([head, object]);
}

function window({ x, y, width, height }: Box): Buffer {
  const body = Buffer.alloc(10);
  body.writeUInt8(1, 0);
  [x, y, width, height].forEach((value, i) => {
    body.writeUInt16BE(value, 2 + i * 2);
  });
  return body;
}

function picture({ width, height }: Box): Buffer {
  // A run of colour 1 over the whole line, and the line's end.
  const line = Buffer.from([0, 0xc0 | (width >> 8), width & 0xff, 1, 0, 0]);
  const lines = Buffer.concat(Array.from({ length: height }, () => line));
  const head = Buffer.alloc(11);
  head.writeUInt8(0xc0, 3);
  head.writeUIntBE(lines.length + 4, 4, 3);
  head.writeUInt16BE(width, 7);
  head.writeUInt16BE(height, 9);
  return Buffer.concat([head, lines]);
}
