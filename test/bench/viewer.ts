import { get } from 'node:http';

export interface Download {
  bytes: number;
  seconds: number;
}

/**
 * Reads a URL to its end and throws the bytes away. With `bytesPerSecond` it reads no faster than that, as a
 * viewer on a slow line does, for at most `forMs`.
 */
export function download(
  url: string,
  options: { range?: string; bytesPerSecond?: number; forMs?: number } = {},
): Promise<Download> {
  const begin = performance.now();
  return new Promise((resolve, reject) => {
    const request = get(url, { headers: options.range ? { range: options.range } : {}, agent: false }, (response) => {
      if ((response.statusCode ?? 500) >= 400) {
        response.resume();
        reject(new Error(`${response.statusCode} for ${new URL(url).pathname.split('/').at(-1)}`));
        return;
      }
      const expected = Number(response.headers['content-length']);
      let bytes = 0;
      const finish = () => resolve({ bytes, seconds: (performance.now() - begin) / 1000 });
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        const { bytesPerSecond, forMs } = options;
        if (!bytesPerSecond) return;
        const elapsed = performance.now() - begin;
        if (forMs && elapsed > forMs) {
          finish();
          request.destroy();
          return;
        }
        const ahead = (bytes / bytesPerSecond) * 1000 - elapsed;
        if (ahead > 0) {
          response.pause();
          setTimeout(() => response.resume(), ahead);
        }
      });
      response.on('end', () => (bytes === expected ? finish() : reject(new Error(`${bytes} of ${expected} bytes`))));
      response.on('error', (error) => (options.forMs ? finish() : reject(error)));
    });
    request.on('error', reject);
  });
}
