import { type Check, failed, MIB, ok, spell } from '../check.ts';
import type { Stage } from '../stage.ts';
import { Viewer } from '../viewer.ts';

const NAME = 'Bodies are streamed';
const BODY_BYTES = 2 * MIB;
/** The agent sends so slowly that its body takes three seconds. */
const BYTES_PER_SECOND = 512 * 1024;
/** Of the whole time: a body that is held back comes all at once, at its end. */
const LATEST_FIRST = 0.5;
const LIMIT_MS = 60_000;

/** The viewer has first bytes long before the agent has sent the last ones. */
export async function streamed({ agent, url, signal }: Stage): Promise<Check> {
  agent.link.setUplinkLimit(BYTES_PER_SECOND);
  try {
    const startedAt = performance.now();
    const within = AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]);
    using viewer = await Viewer.open(url, { start: 0, end: BODY_BYTES }, within);
    await viewer.read(1);
    const firstMs = performance.now() - startedAt;
    await viewer.read(BODY_BYTES);
    const wholeMs = performance.now() - startedAt;
    const figure = `first bytes after ${spell(firstMs)}, the last ones after ${spell(wholeMs)}`;
    if (firstMs <= wholeMs * LATEST_FIRST) {
      return ok(NAME, figure, 'What a machine sends reaches the viewer while it is being sent.');
    }
    return failed(
      ...([
        NAME,
        figure,
        'Something holds each PUT back until it is whole: films start late and seeking is slow.',
      ] as const),
      'Look for a proxy between the machine and the edge that buffers requests (nginx: `proxy_request_buffering off`). At Cloudflare, switch off rules and products that read request bodies (WAF body inspection, uploaded content scanning) for /agent/v1/streams/*.',
    );
  } finally {
    agent.link.setUplinkLimit(null);
  }
}
