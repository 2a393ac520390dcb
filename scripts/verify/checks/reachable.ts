import { AGENT_VERSION } from '../../../agent/link/version.ts';
import { ServerInfo } from '../../../shared/api/auth.ts';
import { type Check, failed, ok, skipped, spell, warning } from '../check.ts';

const ANSWER_MS = 15_000;
/** As `hearthcast-agent doctor` judges it. */
const MAX_CLOCK_SKEW_S = 60;

/** Whether the edge answers, is whole, and is of this checkout's version; and how its clock stands to this machine's. */
export async function reachable(edge: string, now: () => number, signal: AbortSignal): Promise<Check[]> {
  const name = 'The edge answers';
  const within = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]);
  const startedAt = now();
  let answer: Response;
  let info: ServerInfo;
  try {
    answer = await fetch(`${edge}/api/v1/server`, { signal: within });
    info = ServerInfo.parse(await answer.json());
  } catch (error) {
    const said = ((error as Error).cause as Error | undefined)?.message ?? (error as Error).message.split('\n', 1)[0];
    const advice =
      'Check the address, that this machine is on the internet, and that `npm run deploy` went to its end.';
    return [failed(name, null, `No Hearthcast server answered at ${edge} (${said}).`, advice)];
  }
  const tookMs = now() - startedAt;
  const said = info.now ?? Date.parse(answer.headers.get('date') ?? '');
  const checks = [clock(said, startedAt + tookMs / 2)];
  const ready = await fetch(`${edge}/health/ready`, { signal: within }).catch(() => null);
  const figure = [`version ${info.version}`, spell(tookMs), ...dataCentreOf(answer)].join(', ');
  if (!ready?.ok) {
    const advice = 'Look at `npx wrangler tail`, and run `npm run deploy` again: it makes what is missing.';
    return [failed(name, figure, 'The Worker runs, but its database does not answer.', advice), ...checks];
  }
  if (info.version !== AGENT_VERSION) {
    const advice = 'Verify with the checkout that was deployed, or deploy this one.';
    return [warning(name, figure, `This checkout is version ${AGENT_VERSION}.`, advice), ...checks];
  }
  return [ok(name, figure, 'The Worker and its database answer.'), ...checks];
}

/** Where Cloudflare took the request in: figures hold for the way through there. */
function dataCentreOf(answer: Response): string[] {
  const [, code] = /-([A-Z]{3})$/.exec(answer.headers.get('cf-ray') ?? '') ?? [];
  return code === undefined ? [] : [`Cloudflare’s data centre ${code}`];
}

/** Both in ms since 1970: what the edge said of its clock, and this machine's in the middle of the question. */
function clock(edge: number, here: number): Check {
  const name = 'Clocks';
  if (Number.isNaN(edge)) return skipped(name, 'The edge’s answer has no time: it is of a release before this one.');
  const skewS = Math.round((here - edge) / 1000);
  const figure = `${Math.abs(skewS)} s apart`;
  if (Math.abs(skewS) <= MAX_CLOCK_SKEW_S) return ok(name, figure, 'This machine and the edge agree on the time.');
  const side = skewS > 0 ? 'ahead of' : 'behind';
  return warning(
    ...([
      name,
      figure,
      `This machine’s clock is ${side} the edge’s: logs and "recently added" will be wrong.`,
    ] as const),
    'Turn on the synchronisation of time (NTP) on this machine. Playing works regardless.',
  );
}
