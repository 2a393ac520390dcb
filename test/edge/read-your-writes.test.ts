import { createExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { expect, it } from 'vitest';
import { createApp } from '../../edge/http/app.ts';
import { BOOKMARK_HEADER, Bookmark } from '../../shared/api/bookmark.ts';
import { agentWith, file, itemOf, movie } from './catalog-world.ts';
import { signedIn } from './signed-in.ts';

const UNLIMITED = { limit: async () => ({ success: true }) };
const app = createApp();
const { headers } = await signedIn('owner');
const agent = await agentWith({ films: 'Films' });
await agent.say([file('1', movie('Some film', 2000))]);
const { id } = await itemOf('Some film');

/** Asks, and notes by what each session of the database was begun. */
async function ask(method: string, path: string, more: Record<string, string> = {}, body?: unknown) {
  const begun: (string | undefined)[] = [];
  const DB = new Proxy(env.DB, {
    get(target, name) {
      if (name === 'withSession') {
        return (by?: string) => {
          begun.push(by);
          return target.withSession(by);
        };
      }
      const value = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  const init: RequestInit = { method, headers: { ...headers, 'content-type': 'application/json', ...more } };
  if (body !== undefined) init.body = JSON.stringify(body);
  const response = await app.fetch(
    new Request(`http://edge${path}`, init),
    { ...env, DB, CHANGE_LIMIT: UNLIMITED },
    createExecutionContext(),
  );
  return { response, begun };
}

it('begins where the client was, and says where it is now', async () => {
  const first = await ask('GET', '/api/v1/home');
  expect([first.response.status, first.begun]).toEqual([200, ['first-unconstrained']]);
  const bookmark = Bookmark.parse(first.response.headers.get(BOOKMARK_HEADER));
  const second = await ask('GET', '/api/v1/home', { [BOOKMARK_HEADER]: bookmark });
  expect([second.response.status, second.begun]).toEqual([200, [bookmark]]);
});

it('shows people what they have just written', async () => {
  const written = await ask('PUT', `/api/v1/items/${id}/favorite`, {}, { favorite: true });
  expect([written.response.status, written.begun]).toEqual([200, ['first-primary']]);
  const bookmark = Bookmark.parse(written.response.headers.get(BOOKMARK_HEADER));
  const { response, begun } = await ask('GET', '/api/v1/users/me/favorites', { [BOOKMARK_HEADER]: bookmark });
  expect(begun).toEqual([bookmark]);
  expect(await response.json()).toMatchObject({ items: [{ title: 'Some film' }] });
});

it('believes no bookmark that cannot be one, and gives none to strangers', async () => {
  const { response, begun } = await ask('GET', '/api/v1/home', { [BOOKMARK_HEADER]: "'; DROP TABLE item" });
  expect([response.status, begun]).toEqual([200, ['first-unconstrained']]);
  const server = await ask('GET', '/api/v1/server');
  expect([server.begun, server.response.headers.get(BOOKMARK_HEADER)]).toEqual([[], null]);
});
