import { expect, test } from 'vitest';
import { readConfig } from './config.ts';

const NONE = { HEARTHCAST_DATA: '/nowhere/data' };

test.each([
  ['Movies=/srv/films', { library: 'Movies', path: '/srv/films' }],
  ['/srv/films', { library: 'films', path: '/srv/films' }],
  ['/srv/a=b', { library: 'a=b', path: '/srv/a=b' }],
  ['Kids Shows=/srv/a=b', { library: 'Kids Shows', path: '/srv/a=b' }],
  ['/', { library: '/', path: '/' }],
])('--root %s', (text, expected) => {
  expect(readConfig({ root: [text] }, NONE).roots).toEqual([{ ...expected, followLinks: false }]);
});

test('everything is looked at again every hour, or as often as the owner says within reason', () => {
  expect(readConfig({ data: '/tmp/x' }, {}).rescanMs).toBe(3_600_000);
  expect(readConfig({ data: '/tmp/x', rescanMinutes: '5' }, {}).rescanMs).toBe(300_000);
  expect(readConfig({ data: '/tmp/x' }, { HEARTHCAST_RESCAN_MINUTES: '120' }).rescanMs).toBe(7_200_000);
  expect(() => readConfig({ data: '/tmp/x', rescanMinutes: '1' }, {})).toThrow(
    '--rescan-minutes is a number from 5 to 120',
  );
});

test('the environment speaks where no flag does', () => {
  const env = {
    ...NONE,
    HEARTHCAST_EDGE: 'https://media.example/app',
    HEARTHCAST_ROOTS: 'Movies=/m\n/shows\n',
    HEARTHCAST_PORT: '9000',
  };
  const config = readConfig({ edge: 'http://localhost:8080/' }, env);
  expect(config.edge).toBe('http://localhost:8080');
  expect(config.roots.map((root) => root.library)).toEqual(['Movies', 'shows']);
  expect(config.port).toBe(9000);
  expect(readConfig({}, env).edge).toBe('https://media.example');
});

test('an address without a scheme is taken for https', () => {
  expect(readConfig({ edge: 'media.example' }, NONE).edge).toBe('https://media.example');
});

test('a limit on the uplink is given in Mbit/s and held in bytes a second; without one there is none', () => {
  expect(readConfig({ uplinkLimit: '40' }, NONE).uplinkLimit).toBe(5_000_000);
  expect(readConfig({}, { ...NONE, HEARTHCAST_UPLINK_LIMIT: '8' }).uplinkLimit).toBe(1_000_000);
  expect(readConfig({}, { ...NONE, HEARTHCAST_UPLINK_LIMIT: '' }).uplinkLimit).toBeNull();
  expect(readConfig({}, NONE).uplinkLimit).toBeNull();
});

test('the processor encodes more than H.264 only where it is told to', () => {
  expect(readConfig({}, NONE).softwareCodecs).toEqual([]);
  expect(readConfig({ softwareCodecs: 'HEVC, av1' }, NONE).softwareCodecs).toEqual(['hevc', 'av1']);
  expect(readConfig({}, { ...NONE, HEARTHCAST_SOFTWARE_CODECS: 'av1' }).softwareCodecs).toEqual(['av1']);
});

test.each([
  [{ port: 'eighty' }, '--port'],
  [{ softwareCodecs: 'vp9' }, '--software-codecs'],
  [{ port: '70000' }, '--port'],
  [{ port: '80.5' }, '--port is a port from 0 to 65535'],
  [{ cacheGb: '0' }, '--cache-gb'],
  [{ uplinkLimit: '0' }, '--uplink-limit'],
  [{ uplinkLimit: '50 Mbit' }, '--uplink-limit'],
  [{ logLevel: 'loud' }, '--log-level'],
  [{ edge: 'ftp://media.example' }, '--edge'],
])('%j is refused with a sentence that names the option', (flags, option) => {
  expect(() => readConfig(flags, NONE)).toThrow(option);
});

test('nobody comes to a machine directly before its owner gives it a port; a certificate has its key', () => {
  expect(readConfig({}, NONE).direct).toEqual({ host: null, port: 0, addresses: [], certificate: null });
  const env = {
    ...NONE,
    HEARTHCAST_DIRECT_PORT: '8788',
    HEARTHCAST_DIRECT_LISTEN: '192.168.1.5',
    HEARTHCAST_DIRECT_ADDRESSES: 'https://cellar.example:8788/x, http://192.168.1.5:8788',
  };
  const files = { directCertificate: '/etc/c.pem', directKey: '/etc/k.pem' };
  expect(readConfig(files, env).direct).toEqual({
    host: '192.168.1.5',
    port: 8788,
    addresses: ['https://cellar.example:8788', 'http://192.168.1.5:8788'],
    certificate: { certificate: '/etc/c.pem', key: '/etc/k.pem' },
  });
  expect(() => readConfig({ directKey: '/etc/k.pem' }, NONE)).toThrow('direct.certificate is missing');
  expect(() => readConfig({ directAddress: ['cellar'] }, NONE)).toThrow('--direct-address has addresses such as');
});

test('a switch is on, off, or refused: what is neither would be off without a word', () => {
  const follows = (text: string) =>
    readConfig({ root: ['/a'] }, { ...NONE, HEARTHCAST_FOLLOW_LINKS: text }).roots[0]?.followLinks;
  expect(['true', '1', 'false', '0', ''].map(follows)).toEqual([true, true, false, false, false]);
  expect(() => follows('yes')).toThrow('HEARTHCAST_FOLLOW_LINKS is true or false, not "yes"');
});
