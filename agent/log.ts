import { type Logger, pino } from 'pino';

export interface LogOptions {
  /** One JSON object a line, for programs; else lines for people. */
  json: boolean;
  level: string;
  /** Where lines go; stdout where absent. */
  write?: (line: string) => void;
}

const SECRET_KEYS = ['token', 'ticket', 'code', 'authorization', 'privateKey', 'password'];

/** Secrets inside sentences and addresses: bearer tokens, JWTs, the tickets of streams. */
const SECRETS: readonly [RegExp, string][] = [
  [/\bBearer\s+[\w.~+/=-]+/gi, 'Bearer [redacted]'],
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, '[redacted]'],
  [/\/stream\/[^/\s"\\]+/g, '/stream/[redacted]'],
];

/** The agent's log. No token, ticket or enrolment code reaches it. */
export function createLog({ json, level, write = (line) => void process.stdout.write(line) }: LogOptions): Logger {
  const paths = SECRET_KEYS.flatMap((key) => [key, `*.${key}`]);
  const options = { level, base: null, redact: { paths, censor: '[redacted]' } };
  const stream = { write: (line: string) => write(json ? redacted(line) : `${forPeople(redacted(line))}\n`) };
  return pino(options, stream);
}

function redacted(line: string): string {
  return SECRETS.reduce((text, [secret, instead]) => text.replace(secret, instead), line);
}

const LABELS: Record<number, string> = { 40: 'warning: ', 50: 'error: ', 60: 'fatal: ' };

function forPeople(line: string): string {
  const { time, level, msg, err, ...rest } = JSON.parse(line) as Record<string, unknown> & {
    time: number;
    level: number;
  };
  const clock = new Date(time).toTimeString().slice(0, 8);
  const facts = Object.entries(rest).map(
    ([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  const cause = err && typeof err === 'object' && 'message' in err ? `: ${String(err.message)}` : '';
  return `${clock} ${LABELS[level] ?? ''}${String(msg ?? '')}${cause}${facts.length > 0 ? `  (${facts.join(', ')})` : ''}`;
}
