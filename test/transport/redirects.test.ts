import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { Anthropic, APIStatusError, type Observation } from '../../src/index.js';

const params = {
  model: 'claude-test',
  max_tokens: 1,
  messages: [{ role: 'user', content: 'Hi' }],
} as const;

it.each([301, 302, 303, 307, 308])(
  'HTTP %i is not followed, over node:http and fetch: the key stays',
  async (status) => {
    const seen: string[] = [];
    const server = createServer((request, response) => {
      seen.push(request.url ?? '');
      response.writeHead(status, { location: 'http://user:secret@127.0.0.1:1/elsewhere' }).end();
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      for (const fetch of [undefined, globalThis.fetch]) {
        const client = new Anthropic({ apiKey: 'sk', baseURL, fetch });
        const error = await client.messages
          .stream(params)
          .getFinalMessage()
          .catch((thrown: unknown) => thrown);
        expect(error).toBeInstanceOf(APIStatusError);
        expect((error as Error).message).toContain('redirects to http://127.0.0.1:1/elsewhere');
        expect((error as Error).message).toContain('set baseURL to the final address');
        expect((error as Error).message).not.toContain('secret');
      }
      expect(seen).toEqual(['/v1/messages', '/v1/messages']);
    } finally {
      server.close();
    }
  },
);

it('says so where the platform hides the target', async () => {
  const fetch = async (): Promise<Response> =>
    ({ type: 'opaqueredirect', status: 0, headers: new Headers(), body: null }) as Response;
  const client = new Anthropic({ apiKey: 'sk', fetch, maxRetries: 0 });
  await expect(client.messages.stream(params).getFinalMessage()).rejects.toThrow(
    'this platform hides where to',
  );
});

it.each<[thing: string, value: unknown]>([
  ['undefined', undefined],
  ['a string', 'event: ping'],
  ['a value of Object', {}],
  ['a value of Array', []],
])('a fetch that resolves with %s', async (thing, value) => {
  const fetch = async (): Promise<Response> => value as Response;
  const client = new Anthropic({ apiKey: 'sk', fetch, maxRetries: 0 });
  await expect(client.messages.stream(params).getFinalMessage()).rejects.toThrow(
    `fetch resolved with ${thing}. A fetch must resolve with a Response`,
  );
});

it('user name and password of a baseURL are neither sent nor shown', async () => {
  const urls: string[] = [];
  const observed: Observation[] = [];
  const fetch = async (url: string): Promise<Response> => {
    urls.push(url);
    return new Response('{}', { status: 400 });
  };
  const client = new Anthropic({
    apiKey: 'sk',
    baseURL: 'https://me:secret@gateway.test/api/',
    fetch,
    observe: (observation) => observed.push(observation),
  });
  await expect(client.messages.stream(params).getFinalMessage()).rejects.toThrow();
  client.withOptions({ maxRetries: 1 });
  expect(urls).toEqual(['https://gateway.test/api/v1/messages']);
  expect(observed.filter(({ type }) => type === 'warning')).toHaveLength(1);
  expect(JSON.stringify(observed)).not.toContain('secret');
  expect(() => new Anthropic({ baseURL: 'ftp://me:secret@gateway.test' })).toThrow(
    /^baseURL is "gateway\.test"/,
  );
});
