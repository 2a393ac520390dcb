import { type Check, failed, MIB, ok, warning } from '../check.ts';
import type { Stage } from '../stage.ts';
import { Viewer } from '../viewer.ts';

const NAME = 'Many requests';
const REQUESTS = 60;
/** As many as one session may have open [BY9] and some to spare. */
const AT_ONCE = 10;
const BYTES = 16 * 1024;
const ANSWER_MS = 30_000;

const ADVICE: readonly (readonly [RegExp, string])[] = [
  [/error code: 1015/, 'A rate limiting rule of your zone counts these requests: leave out /stream/* and /agent/*.'],
  [/error code: 1027/, 'The Free plan’s requests of the day are used up: Hearthcast needs the Workers Paid plan.'],
  [/error code: 1102/, 'The Worker went over its processor time: Hearthcast needs the Workers Paid plan.'],
  [
    /challenge|cf-chl|Just a moment/i,
    'A bot challenge stands before the edge: leave out /stream/*, /agent/* and /api/*.',
  ],
];

/** Sixty requests, ten at a time: a limit of the plan, or a rule of the zone, would refuse some. */
export async function manyRequests({ url, signal }: Stage): Promise<Check> {
  const refused: { status: number; words: string }[] = [];
  let asked = 0;
  const ask = async () => {
    while (asked < REQUESTS) {
      const start = asked++ * MIB;
      const within = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]);
      using viewer = await Viewer.open(url, { start, end: start + BYTES }, within);
      if (viewer.status === 206) await viewer.read(BYTES);
      else refused.push({ status: viewer.status, words: await viewer.words() });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, ask));
  const figure = `${REQUESTS - refused.length} of ${REQUESTS} answered, ${AT_ONCE} at a time`;
  const [first] = refused;
  if (!first) return ok(NAME, figure, 'No limit of the plan and no rule of the zone stood in the way.');
  const known = ADVICE.find(([pattern]) => pattern.test(first.words))?.[1];
  const verdict = first.status === 429 || known ? failed : warning;
  return verdict(
    ...([NAME, figure, `Some were refused with ${first.status}: a film stutters when that happens.`] as const),
    known ?? 'Look at `npx wrangler tail` and at the rules of your zone for who refused them.',
  );
}
