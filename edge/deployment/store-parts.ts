/** All parts of an upload but the last have one size, and at least 5 MiB: R2's rule. */
const PART_BYTES = 8 * 1024 * 1024;

/**
 * Writes a stream whose length nobody knows into a bucket, holding one part in memory. Answers its length. What a
 * failure leaves is taken away.
 */
export async function storeParts(
  bucket: R2Bucket,
  name: string,
  stream: ReadableStream<Uint8Array>,
  partBytes = PART_BYTES,
): Promise<number> {
  const upload = await bucket.createMultipartUpload(name, { httpMetadata: { contentType: 'application/gzip' } });
  try {
    const parts: R2UploadedPart[] = [];
    let bytes = 0;
    for await (const part of partsOf(stream, partBytes)) {
      parts.push(await upload.uploadPart(parts.length + 1, part));
      bytes += part.length;
    }
    await upload.complete(parts);
    return bytes;
  } catch (error) {
    await upload.abort().catch(() => {});
    throw error;
  }
}

async function* partsOf(stream: ReadableStream<Uint8Array>, size: number): AsyncGenerator<Uint8Array> {
  let part = new Uint8Array(size);
  let filled = 0;
  let sent = 0;
  for await (const chunk of stream) {
    let rest = chunk;
    while (rest.length > 0) {
      const taken = rest.subarray(0, size - filled);
      part.set(taken, filled);
      filled += taken.length;
      rest = rest.subarray(taken.length);
      if (filled === size) {
        yield part;
        sent++;
        part = new Uint8Array(size);
        filled = 0;
      }
    }
  }
  if (filled > 0 || sent === 0) yield part.subarray(0, filled);
}
