import { expect, test } from 'vitest';
import { createLog } from './log.ts';

function logged(json: boolean, write: (log: ReturnType<typeof createLog>) => void): string {
  let text = '';
  const log = createLog({
    json,
    level: 'info',
    write: (line) => {
      text += line;
    },
  });
  write(log);
  return text;
}

const JWT = 'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJhZ3QifQ.c2lnbmF0dXJl';

test.each([true, false])('tokens, tickets and codes never reach the log (json: %s)', (json) => {
  const text = logged(json, (log) => {
    log.info({ token: 'SECRET-1', request: { authorization: 'SECRET-2' }, code: 'SECRET-3' }, 'facts');
    log.warn({ err: new Error(`GET /stream/SECRET-4/v720/3.m4s failed with Bearer SECRET-5`) }, 'an error');
    log.error(`a token in a sentence: ${JWT}`);
  });
  expect(text).not.toMatch(/SECRET/);
  expect(text).not.toContain(JWT);
  expect(text).toContain('/stream/[redacted]');
});

test('people get lines with the time, the sentence and the facts', () => {
  const text = logged(false, (log) => log.warn({ root: '/srv/films' }, 'The folder is not there.'));
  expect(text).toMatch(/^\d\d:\d\d:\d\d warning: The folder is not there\. {2}\(root=\/srv\/films\)\n$/);
});
