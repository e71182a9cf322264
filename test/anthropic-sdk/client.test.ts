import { describe, expect, it, vi } from 'vitest';
import { BetaMessages, Messages } from '../../packages/anthropic-sdk/src/api/messages.js';
import * as sdk from '../../packages/anthropic-sdk/src/index.js';
import { reply } from '../../src/testing/index.js';
import { emulated, failure, PARAMS } from './support.js';

const { Anthropic } = sdk;

/** The headers of the request that a client sends. */
async function headersOf(
  options: sdk.ClientOptions,
  request?: sdk.RequestOptions,
): Promise<Record<string, string>> {
  const { client, emulator } = emulated([reply.text('Hello')], options);
  await client.messages.create(PARAMS, request);
  return emulator.requests[0]?.headers ?? {};
}

describe('options of a client', () => {
  it.each([
    ['a key', { apiKey: 'k' }, { 'x-api-key': 'k', authorization: undefined }],
    [
      'a token',
      { apiKey: null, authToken: 't' },
      { 'x-api-key': undefined, authorization: 'Bearer t' },
    ],
    ['both', { apiKey: 'k', authToken: 't' }, { 'x-api-key': 'k', authorization: 'Bearer t' }],
    ['a function', { apiKey: async () => 'later' }, { 'x-api-key': 'later' }],
    ['headers', { defaultHeaders: new Headers({ 'x-a': '1' }) }, { 'x-a': '1' }],
    ['a list of headers', { defaultHeaders: [['x-a', '1']] as const }, { 'x-a': '1' }],
    ['a header removed', { defaultHeaders: { 'user-agent': null } }, { 'user-agent': undefined }],
  ])('sends %s', async (_, options, expected) => {
    expect(await headersOf(options)).toMatchObject(definedOf(expected));
    const headers = await headersOf(options);
    for (const [name, value] of Object.entries(expected)) expect(headers[name]).toBe(value);
  });

  it('leaves a header that a request has as undefined', async () => {
    const headers = await headersOf(
      { defaultHeaders: { 'x-a': '1' } },
      { headers: { 'x-a': undefined } },
    );
    expect(headers['x-a']).toBe('1');
  });

  it.each([
    [{ logLevel: 'loud' }, 'ClientOptions.logLevel was set to "loud"'],
    [{}, `process.env['ANTHROPIC_LOG'] was set to "shout"`],
    [{ logLevel: 'info' }, undefined],
  ])('reports a level of logs that is none: %o', (options, expected) => {
    vi.stubEnv('ANTHROPIC_LOG', 'shout');
    const logger = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
    const client = new Anthropic({ apiKey: 'k', logger, ...(options as object) });
    vi.unstubAllEnvs();
    const said = logger.warn.mock.calls.map(([message]) => message.split(', expected')[0]);
    expect(said.at(0)).toBe(expected);
    expect(client.logLevel).toBe(expected === undefined ? 'info' : 'warn');
  });

  it('takes headers, a query and an idempotency key of a request', async () => {
    const { client, emulator } = emulated([reply.text('Hello')]);
    const fetch = vi.fn(emulator.fetch);
    const other = client.withOptions({ fetch, defaultQuery: { a: '1' } });
    await other.messages.create(PARAMS, {
      headers: { 'x-b': ['1', '2'] },
      query: { b: 2 },
      idempotencyKey: 'once',
    });
    const [request] = emulator.requests;
    expect(request?.headers).toMatchObject({ 'x-b': '1, 2', 'idempotency-key': 'once' });
    expect(fetch.mock.calls[0]?.[0]).toMatch(/\/v1\/messages\?a=1&b=2$/);
  });

  it('uses a key that was assigned later', async () => {
    const { client, emulator } = emulated([reply.text('1'), reply.text('2')]);
    await client.messages.create(PARAMS);
    client.apiKey = 'second';
    await client.messages.create(PARAMS);
    expect(emulator.requests.map(({ headers }) => headers['x-api-key'])).toEqual([
      'test',
      'second',
    ]);
  });

  it('hands the fields of fetchOptions to fetch', async () => {
    const { client, emulator } = emulated([reply.text('1'), reply.text('2')]);
    const fetch = vi.fn(emulator.fetch);
    const dispatcher = {};
    const other = client.withOptions({ fetch, fetchOptions: { dispatcher } });
    await other.messages.create(PARAMS);
    await other.messages.create(PARAMS, { fetchOptions: { keepalive: true } });
    expect(fetch.mock.calls.map(([, init]) => init)).toMatchObject([
      { dispatcher },
      { dispatcher, keepalive: true },
    ]);
  });

  it.each([
    { middleware: [() => undefined] },
    { credentials: {} },
    { profile: 'work' },
    { openTelemetry: {} },
  ])('refuses %o loudly', (options) => {
    const [name] = Object.keys(options);
    expect(() => new Anthropic({ apiKey: 'k', ...options } as sdk.ClientOptions)).toThrow(
      `${name} is not supported over millrace: `,
    );
  });

  it('takes what it refuses where it asks for nothing', () => {
    const off = { apiKey: 'k', middleware: [], credentials: null, openTelemetry: false };
    expect(new Anthropic(off as sdk.ClientOptions).apiKey).toBe('k');
  });

  it('says that there is no key before a request is sent', async () => {
    const { client, emulator } = emulated([reply.text('Hello')], { apiKey: null, authToken: null });
    const error = await failure(client.messages.create(PARAMS));
    expect(error).toBeInstanceOf(Anthropic.AnthropicError);
    expect(error.message).toMatch(/^Could not resolve authentication method/);
    expect(emulator.requests).toEqual([]);
  });

  it('keeps its options, and what was assigned, in withOptions', () => {
    const client = new Anthropic({ apiKey: 'k', baseURL: 'http://a', maxRetries: 5 });
    client.baseURL = 'http://b';
    const { apiKey, baseURL, maxRetries, timeout } = client.withOptions({ timeout: 1 });
    expect({ apiKey, baseURL, maxRetries, timeout }).toEqual({
      apiKey: 'k',
      baseURL: 'http://b',
      maxRetries: 5,
      timeout: 1,
    });
  });
});

it('messages are instances of their classes', async () => {
  const { client } = emulated([reply.text('Hello')]);
  expect(client.messages).toBeInstanceOf(Messages);
  expect(client.beta.messages).toBeInstanceOf(BetaMessages);
  const { content } = await new Messages(client).create(PARAMS);
  expect(content).toMatchObject([{ text: 'Hello' }]);
});

describe('a subclass', () => {
  it.each(['authHeaders', 'prepareOptions', 'buildRequest'])('must not override %s', (name) => {
    class Cloud extends Anthropic {}
    Object.defineProperty(Cloud.prototype, name, { value: () => undefined });
    expect(() => new Cloud({ apiKey: 'k' })).toThrow(`Cloud overrides ${name}(), which is not`);
  });

  it('may have methods of its own, and be copied', () => {
    class Own extends Anthropic {
      name = 'own';
    }
    const copy = new Own({ apiKey: 'k' }).withOptions({ maxRetries: 3 });
    expect([copy instanceof Own, copy.name, copy.maxRetries]).toEqual([true, 'own', 3]);
  });
});

describe('resources that are not here', () => {
  const client = new Anthropic({ apiKey: 'k' });

  it.each(['sessions', 'agents', 'memoryStores'])('refuses beta.%s', (name) => {
    expect(() => (client.beta as unknown as Record<string, unknown>)[name]).toThrow(
      `client.beta.${name} is not part of millrace-anthropic-sdk`,
    );
  });
});

describe('the exports', () => {
  it('has the errors as statics of the class', () => {
    const statics = Anthropic as unknown as Record<string, unknown>;
    const classes = Object.entries(sdk).filter(([name]) => /^API.*Error$|[a-z]Error$/.test(name));
    const missing = classes.filter(([name, Class]) => statics[name] !== Class);
    // As in the official SDK, which has this one as an export only.
    expect(missing.map(([name]) => name)).toEqual(['RetryableError']);
    expect(sdk.default).toBe(Anthropic);
  });

  it('refuses what it can only name', () => {
    expect(() => sdk.betaRefusalFallbackMiddleware()).toThrow('send the param `fallbacks`');
    expect(() => new sdk.BetaFallbackState()).toThrow('send the param `fallbacks`');
  });
});

function definedOf(values: object): object {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
