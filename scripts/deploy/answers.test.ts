import { expect, it } from 'vitest';
import { accountsOf, addressOf, databaseId, secretNames } from './answers.ts';

it('finds a database by its name, also behind a greeting', () => {
  const listing = ' ⛅️ wrangler 4\n\n[\n{"uuid":"a-1","name":"other"},{"uuid":"b-2","name":"films"}]';
  expect([databaseId(listing, 'films'), databaseId(listing, 'none')]).toEqual(['b-2', null]);
});

it('reads secrets and accounts', () => {
  expect(secretNames('[{"name":"SETUP_CODE","type":"secret_text"}]')).toEqual(['SETUP_CODE']);
  expect(accountsOf('{"loggedIn":true,"accounts":[{"id":"1","name":"Ada"}]}')).toEqual([{ id: '1', name: 'Ada' }]);
});

it('finds the address of a deployment', () => {
  const notes = '{"type":"wrangler-session"}\n{"type":"deploy","targets":["https://films.ada.workers.dev"]}\n';
  expect(addressOf(notes)).toBe('https://films.ada.workers.dev');
  expect(addressOf('{"type":"deploy","targets":["schedule: */15 * * * *","films.example.org (custom domain)"]}')).toBe(
    'https://films.example.org',
  );
  expect(addressOf('{"type":"wrangler-session"}')).toBeNull();
});
