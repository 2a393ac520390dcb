import { expect, it } from 'vitest';
import { deviceName } from './device-name.ts';

it('names the browser and the system as a person would', () => {
  const chrome =
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36';
  expect(deviceName(chrome)).toBe('Chrome on Linux');
  expect(deviceName(`${chrome} Edg/156.0`)).toBe('Edge on Linux');
  expect(deviceName('Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Safari/604.1')).toBe(
    'Safari on iPhone',
  );
});

it('still has a name for what it has never seen', () => {
  expect(deviceName('curl/8')).toBe('Browser');
});
