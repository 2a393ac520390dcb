import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-plugin';
import { defineConfig } from 'vitest/config';
import { passwordService } from './scripts/local/password-service.ts';

/** Half of what is tried in whole processes and a browser; the other half runs beside it, each file after the other. */
const PLAYING = ['direct', 'handover', 'main-job', 'player-subtitles', 'sessions'].map(
  (name) => `test/e2e/${name}.test.ts`,
);

export default defineConfig({
  test: {
    // Vitest would leave one core out, which is half of a small machine.
    maxWorkers: '100%',
    projects: [
      {
        test: {
          name: 'unit',
          // Nothing of these is left behind in a process: most take less time than a process of their own would.
          isolate: false,
          testTimeout: 60_000,
          expect: { poll: { timeout: 30_000 } },
          include: ['{shared,edge,agent,web,scripts,test/bench,test/install,test/model}/**/*.test.{ts,tsx}'],
        },
      },
      {
        plugins: [
          cloudflareTest(async () => ({
            main: './edge/index.ts',
            wrangler: { configPath: './wrangler.toml' },
            miniflare: {
              bindings: {
                TEST_MIGRATIONS: await readD1Migrations('./migrations'),
                HEARTHCAST_SECRET: 'test-secret-test-secret-test-secret-test-sec',
                SETUP_CODE: 'TEST-SETUP',
                ENROLMENT_CODE: 'TEST-ENROL-CODE',
              },
              serviceBindings: { PASSWORDS: passwordService },
              // Files that share a workerd share what it counts, and all of them come from one address.
              ratelimits: Object.fromEntries(
                ['LOGIN_LIMIT', 'GUESS_LIMIT', 'CHANGE_LIMIT', 'READ_LIMIT'].map((name) => [
                  name,
                  { namespace_id: name, simple: { limit: 1_000_000, period: 60 as const } },
                ]),
              ),
            },
          })),
        ],
        test: {
          name: 'edge',
          // All files of a worker run in one workerd; the set-up gives each of them empty storage and modules of its own.
          isolate: false,
          // A line that a Durable Object logs while its file ends would be waited for for ever: workers-sdk#15719.
          disableConsoleIntercept: true,
          // A machine that does other things beside must not turn a slow test into a failed one.
          testTimeout: 60_000,
          expect: { poll: { timeout: 30_000 } },
          include: ['test/edge/**/*.test.ts'],
          setupFiles: ['test/edge/setup.ts'],
        },
      },
      {
        test: {
          name: 'agent',
          include: ['test/agent/**/*.test.ts', 'test/contracts/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 300_000,
          expect: { poll: { timeout: 30_000 } },
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          exclude: PLAYING,
          fileParallelism: false,
          expect: { poll: { timeout: 30_000 } },
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
      {
        test: {
          name: 'playing',
          include: PLAYING,
          fileParallelism: false,
          expect: { poll: { timeout: 30_000 } },
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
