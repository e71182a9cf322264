import { afterEach, beforeEach, expect, it } from 'vitest';
import { reply, useEmulator } from '../../src/testing/index.js';
import { HEADERS, PARAMS } from './ask.js';

const OPT_IN = 'anthropic-dangerous-direct-browser-access';
const api = useEmulator({ beforeEach, afterEach }, { replies: () => reply.text('Hello') });

const allowed = (response: Response): Record<string, string> =>
  Object.fromEntries([...response.headers].filter(([name]) => name.startsWith('access-control')));

const preflight = (requested: string): Promise<Response> =>
  fetch(`${api.url}/v1/messages`, {
    method: 'OPTIONS',
    headers: {
      'access-control-request-method': 'POST',
      'access-control-request-headers': requested,
    },
  });

const ask = (headers: object): Promise<Response> =>
  fetch(`${api.url}/v1/messages`, {
    method: 'POST',
    headers: { ...HEADERS, ...headers },
    body: JSON.stringify(PARAMS),
  });

it('lets a page send requests with the opt-in header, and read the request id', async () => {
  const before = await preflight(`${OPT_IN},authorization`);
  expect(before.status).toBe(204);
  expect(allowed(before)).toEqual({
    'access-control-allow-origin': '*',
    'access-control-allow-methods': 'GET, POST, DELETE',
    'access-control-allow-headers': `${OPT_IN},authorization`,
  });
  expect(api.emulator.requests).toEqual([]);
  expect(allowed(await ask({ [OPT_IN]: 'true' }))).toEqual({
    'access-control-allow-origin': '*',
    'access-control-expose-headers': '*',
  });
});

it('lets no other page send requests', async () => {
  expect(allowed(await preflight('authorization'))).toEqual({});
  expect(allowed(await ask({}))).toEqual({});
});

it("answers an OPTIONS request that isn't a preflight like an unknown path", async () => {
  expect((await fetch(`${api.url}/v1/messages`, { method: 'OPTIONS' })).status).toBe(404);
});
