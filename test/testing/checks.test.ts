import { describe, expect, it } from 'vitest';
import { createEmulator, type Emulator, reply } from '../../src/testing/index.js';
import { HEADERS, MESSAGES, PARAMS } from './ask.js';

const VERSION = { 'anthropic-version': '2026-10-21' };
const KEY = { authorization: 'Bearer test' };
const user = (message: object): object => ({ ...PARAMS, messages: [message] });

function without(param: string): object {
  const { [param as 'model']: _, ...rest } = PARAMS;
  return rest;
}

interface Sent {
  method?: string;
  url?: string;
  headers?: Record<string, string>;
  /** Params, or the text of a body. */
  body?: unknown;
}

function send(emulator: Emulator, { method = 'POST', url = MESSAGES, headers, body }: Sent) {
  const text = typeof body === 'string' ? body : JSON.stringify(body ?? PARAMS);
  return emulator.fetch(url, {
    method,
    headers: headers ?? HEADERS,
    ...(method === 'GET' ? {} : { body: text }),
  });
}

const AUTH = 'authentication_error';
const INVALID = 'invalid_request_error';
const COUNT = `${MESSAGES}/count_tokens`;

type Rejected = [name: string, sent: Sent, status: number, type: string, message: string | RegExp];

const REJECTED: Rejected[] = [
  ['no key', { headers: VERSION }, 401, AUTH, 'x-api-key header is required'],
  [
    'no bearer',
    { headers: { ...VERSION, authorization: 'Basic dGVzdA==' } },
    401,
    AUTH,
    /required/,
  ],
  [
    'a wrong x-api-key',
    { headers: { ...VERSION, 'x-api-key': 'x' } },
    401,
    AUTH,
    'invalid x-api-key',
  ],
  [
    'a wrong bearer',
    { headers: { ...VERSION, authorization: 'Bearer x' } },
    401,
    AUTH,
    'Invalid bearer token',
  ],
  ['no version', { headers: KEY }, 400, INVALID, 'anthropic-version: header is required'],
  ['no body', { body: '' }, 400, INVALID, /^The request body is not valid JSON: /],
  ['half a body', { body: '{"model":' }, 400, INVALID, /^The request body is not valid JSON: /],
  ['a body that is a list', { body: [] }, 400, INVALID, 'Input should be a valid dictionary'],
  ['a body that is null', { body: 'null' }, 400, INVALID, 'Input should be a valid dictionary'],
  ['no model', { body: without('model') }, 400, INVALID, 'model: Field required'],
  ['count_tokens, no key', { url: COUNT, headers: VERSION }, 401, AUTH, /required/],
  [
    'an unknown path',
    { url: `${MESSAGES}/nothing` },
    404,
    'not_found_error',
    /^Not found: POST \/v1/,
  ],
  [
    'an unknown method',
    { method: 'GET' },
    404,
    'not_found_error',
    /^Not found: GET \/v1\/messages/,
  ],
];

describe('a request is rejected with', () => {
  it.each(REJECTED)('%s', async (_name, sent, status, type, message) => {
    const emulator = createEmulator({ apiKey: 'test', replies: [reply.text('Hello')] });
    const response = await send(emulator, sent);
    const requestId = response.headers.get('request-id');
    expect(requestId).toMatch(/^req_01\d{22}$/);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect([response.status, await response.json()]).toEqual([
      status,
      {
        type: 'error',
        error: {
          type,
          message: typeof message === 'string' ? message : expect.stringMatching(message),
        },
        request_id: requestId,
      },
    ]);
    // It is in `requests`, but used no reply.
    expect(emulator.requests).toHaveLength(1);
    expect((await send(emulator, {})).status).toBe(200);
  });
});

describe('a request is accepted with', () => {
  const ACCEPTED: [name: string, apiKey: string | undefined, sent: Sent][] = [
    ['a bearer', 'test', { headers: HEADERS }],
    ['an x-api-key', 'test', { headers: { ...VERSION, 'x-api-key': 'test' } }],
    ['both, one of which is right', 'test', { headers: { ...HEADERS, 'x-api-key': 'x' } }],
    ['any key if apiKey is not set', undefined, { headers: { ...VERSION, 'x-api-key': 'any' } }],
    ['a system turn', 'test', { body: user({ role: 'system', content: 'Be brief.' }) }],
    ['blocks', 'test', { body: user({ role: 'user', content: [{ type: 'text', text: 'Hi' }] }) }],
    ['optional params null', 'test', { body: { ...PARAMS, tools: null, stream: null } }],
    ['a query', 'test', { url: `${MESSAGES}?beta=true` }],
  ];

  it.each(ACCEPTED)('%s', async (_name, apiKey, sent) => {
    const emulator = createEmulator({ apiKey, replies: [reply.text('Hello')] });
    const response = await send(emulator, sent);
    expect(response.status).toBe(200);
    expect((await response.json()).content).toEqual([{ type: 'text', text: 'Hello' }]);
  });
});

describe('count_tokens', () => {
  it('returns the input tokens of the message, and uses no reply', async () => {
    const emulator = createEmulator({ replies: [reply.text('Hello')] });
    const counted = await (
      await send(emulator, { url: COUNT, body: without('max_tokens') })
    ).json();
    expect(counted).toEqual({ input_tokens: expect.any(Number) });
    const message = await (await send(emulator, {})).json();
    expect(message.usage.input_tokens).toBe(counted.input_tokens);
  });

  it('grows with the prompt', async () => {
    const emulator = createEmulator({ replies: [] });
    const count = async (params: object): Promise<number> =>
      (
        await (
          await send(emulator, { url: COUNT, body: { ...without('max_tokens'), ...params } })
        ).json()
      ).input_tokens;
    const least = await count({});
    expect(await count({ system: 'x'.repeat(400) })).toBeGreaterThanOrEqual(least + 99);
    expect(
      await count({
        tools: [{ name: 'x', input_schema: { type: 'object', title: 'x'.repeat(400) } }],
      }),
    ).toBeGreaterThan(least + 99);
  });
});
