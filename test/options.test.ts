import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Anthropic } from '../src/client.js';
import { AnthropicError } from '../src/errors.js';
import type { Observation } from '../src/observe.js';
import { type ClientOptions, resolveOptions } from '../src/options.js';
import { systemClock } from '../src/transport/clock.js';
import { VERSION } from '../src/version.js';

const PARAMS = { model: 'claude-opus-5-5', max_tokens: 10, messages: [] };
const MESSAGE = { id: 'msg_1', type: 'message', role: 'assistant', content: [] };
const VARIABLES = ['API_KEY', 'AUTH_TOKEN', 'BASE_URL', 'CUSTOM_HEADERS', 'LOG'] as const;

type Env = Partial<Record<(typeof VARIABLES)[number], string>>;

function setEnv(env: Env): void {
  for (const name of VARIABLES) vi.stubEnv(`ANTHROPIC_${name}`, env[name]);
}

beforeEach(() => setEnv({}));
afterEach(() => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** What a client with these options asks for. By hand: the emulator looks at no host. */
async function requestOf(options: ClientOptions): Promise<{ url: string; headers: Headers }> {
  let sent: { url: string; headers: Headers } | undefined;
  const client = new Anthropic({
    ...options,
    fetch: async (url, init) => {
      sent = { url, headers: new Headers(init.headers) };
      return Response.json(MESSAGE);
    },
  });
  await client.messages.create(PARAMS);
  if (sent === undefined) throw new Error('nothing was sent');
  return sent;
}

describe('the key', () => {
  const cases: readonly [env: Env, options: ClientOptions, sent: string][] = [
    [{ API_KEY: 'env-key' }, {}, 'env-key'],
    [{ AUTH_TOKEN: 'env-token' }, {}, 'env-token'],
    [{ API_KEY: 'env-key', AUTH_TOKEN: 'env-token' }, {}, 'env-key'],
    [{ API_KEY: 'env-key' }, { apiKey: undefined, authToken: undefined }, 'env-key'],
    [{ API_KEY: 'env-key' }, { apiKey: 'key' }, 'key'],
    [{ API_KEY: 'env-key' }, { authToken: 'token' }, 'token'],
    [{ AUTH_TOKEN: 'env-token' }, { apiKey: 'key' }, 'key'],
    [{}, { apiKey: 'key', authToken: 'token' }, 'key'],
    [{ API_KEY: 'env-key' }, { apiKey: null, authToken: 'token' }, 'token'],
    [{ API_KEY: 'env-key', AUTH_TOKEN: 'env-token' }, { apiKey: null }, 'env-token'],
    [{ API_KEY: 'env-key', AUTH_TOKEN: 'env-token' }, { authToken: null }, 'env-key'],
    [{ API_KEY: '  env-key \n' }, {}, 'env-key'],
    [{ API_KEY: ' ', AUTH_TOKEN: 'env-token' }, {}, 'env-token'],
    [{}, { apiKey: ' key\n' }, 'key'],
    [{}, { apiKey: () => 'asked' }, 'asked'],
    [{ API_KEY: 'env-key' }, { apiKey: async () => 'asked' }, 'asked'],
  ];
  it.each(cases)('%j with %o: %s', async (env, options, sent) => {
    setEnv(env);
    expect((await requestOf(options)).headers.get('authorization')).toBe(`Bearer ${sent}`);
  });

  const without: readonly [env: Env, options: ClientOptions][] = [
    [{}, {}],
    [{ API_KEY: '' }, {}],
    [{}, { apiKey: '' }],
    [{ API_KEY: 'env-key' }, { apiKey: '' }],
    [{ API_KEY: 'env-key' }, { apiKey: null }],
    [{ AUTH_TOKEN: 'env-token' }, { authToken: null }],
    [{ API_KEY: 'env-key' }, { apiKey: () => '' }],
  ];
  it.each(without)('there is none: %j with %o', async (env, options) => {
    setEnv(env);
    const request = requestOf(options);
    await expect(request).rejects.toBeInstanceOf(AnthropicError);
    await expect(request).rejects.toThrow('no API key: set ANTHROPIC_API_KEY');
  });

  it('is asked for before each request', async () => {
    let asked = 0;
    const sent: (string | null)[] = [];
    const client = new Anthropic({
      apiKey: () => `key-${++asked}`,
      fetch: async (_, init) => {
        sent.push(new Headers(init.headers).get('authorization'));
        return Response.json(MESSAGE);
      },
    });
    expect(asked).toBe(0);
    await client.messages.create(PARAMS);
    await client.messages.create(PARAMS);
    expect(sent).toEqual(['Bearer key-1', 'Bearer key-2']);
  });

  it('may fail to come', async () => {
    const cause = new Error('vault is sealed');
    const request = requestOf({ apiKey: () => Promise.reject(cause) });
    await expect(request).rejects.toBeInstanceOf(AnthropicError);
    await expect(request).rejects.toMatchObject({
      message: 'apiKey() failed: vault is sealed',
      cause,
    });
  });
});

describe('the header of the key', () => {
  const cases: readonly [
    options: ClientOptions,
    authorization: string | null,
    xApiKey: string | null,
  ][] = [
    [{}, 'Bearer key', null],
    [{ authHeader: undefined }, 'Bearer key', null],
    [{ authHeader: 'bearer' }, 'Bearer key', null],
    [{ authHeader: 'x-api-key' }, null, 'key'],
    [{ authHeader: 'both' }, 'Bearer key', 'key'],
    [{ authHeader: 'x-api-key', apiKey: async () => ' key\n' }, null, 'key'],
    [{ authHeader: 'x-api-key', apiKey: null, authToken: 'key' }, null, 'key'],
    [{ authHeader: 'both', defaultHeaders: { authorization: null } }, null, 'key'],
  ];
  it.each(cases)('%o: %s, %s', async (options, authorization, xApiKey) => {
    const { headers } = await requestOf({ apiKey: 'key', ...options });
    expect(headers.get('authorization')).toBe(authorization);
    expect(headers.get('x-api-key')).toBe(xApiKey);
  });

  it('stays where another client is made of one, with another key', async () => {
    setEnv({ API_KEY: 'env-key' });
    expect((await requestOf({ authHeader: 'x-api-key' })).headers.get('x-api-key')).toBe('env-key');
    const seen: (string | null)[] = [];
    const fetch = async (_: string, init: RequestInit): Promise<Response> => {
      seen.push(new Headers(init.headers).get('x-api-key'));
      return Response.json(MESSAGE);
    };
    const client = new Anthropic({ authHeader: 'x-api-key', fetch });
    await client.withOptions({ apiKey: 'other' }).messages.create(PARAMS);
    expect(seen).toEqual(['other']);
  });

  it('is asked for even where the key is missing', async () => {
    await expect(requestOf({ authHeader: 'x-api-key' })).rejects.toThrow('no API key');
  });

  it.each(['x-api', 'toString', 'Bearer', '', 1])('%j is refused', (authHeader) => {
    expect(() => new Anthropic({ authHeader } as object)).toThrow(
      /^authHeader is .*: pass 'bearer', 'x-api-key' or 'both'$/,
    );
  });
});

describe('a 404', () => {
  const of = (body: unknown, options: ClientOptions): Promise<unknown> =>
    new Anthropic({
      apiKey: 'key',
      fetch: async () => Response.json(body, { status: 404 }),
      ...options,
    }).messages
      .create(PARAMS)
      .catch((error) => error.message);

  it.each([
    [{ error: { type: 'not_found_error', message: 'model: x' } }, ': not_found_error: model: x'],
    ['Not Found', ': Not Found'],
    ['', ''],
  ])('with the body %j names the URL', async (body, said) => {
    const message = await of(body, {
      baseURL: 'https://me:hunter22@gw.test/a?key=sesame77',
      defaultQuery: { token: 'sesame88' },
    });
    expect(message).toContain(`HTTP 404 from https://gw.test/a/v1/messages${said}`);
    expect(message).not.toMatch(/hunter22|sesame/);
  });
});

describe('the address', () => {
  const cases: readonly [env: Env, options: ClientOptions, url: string][] = [
    [{}, {}, 'https://api.anthropic.com/v1/messages'],
    [{ BASE_URL: 'http://env.test' }, {}, 'http://env.test/v1/messages'],
    [{ BASE_URL: ' ' }, {}, 'https://api.anthropic.com/v1/messages'],
    [
      { BASE_URL: 'http://env.test' },
      { baseURL: 'http://option.test' },
      'http://option.test/v1/messages',
    ],
    [{ BASE_URL: 'http://env.test' }, { baseURL: undefined }, 'http://env.test/v1/messages'],
    [{}, { baseURL: 'http://localhost:8080/' }, 'http://localhost:8080/v1/messages'],
    [
      {},
      { baseURL: 'https://gateway.test/anthropic//' },
      'https://gateway.test/anthropic/v1/messages',
    ],
    [{}, { baseURL: 'https://gw.test/v1' }, 'https://gw.test/v1/messages'],
    [{}, { baseURL: 'https://gw.test/v1//' }, 'https://gw.test/v1/messages'],
    [{}, { baseURL: 'https://gw.test/a//v1' }, 'https://gw.test/a/v1/messages'],
    [{}, { baseURL: 'https://gw.test/a/v1/messages/' }, 'https://gw.test/a/v1/messages'],
    [
      {},
      { baseURL: 'https://gw.test/v1/acc/gw/anthropic' },
      'https://gw.test/v1/acc/gw/anthropic/v1/messages',
    ],
    [{}, { baseURL: 'https://gw.test/av1' }, 'https://gw.test/av1/v1/messages'],
    [{}, { baseURL: 'https://gw.test/v1/complete' }, 'https://gw.test/v1/complete/v1/messages'],
    [{}, { baseURL: ' HTTPS://gw.test:443/A \n' }, 'https://gw.test/A/v1/messages'],
    [{}, { baseURL: 'https://gw.test#x' }, 'https://gw.test/v1/messages'],
    [
      {},
      { baseURL: 'https://gw.test/a/?api-version=1#x' },
      'https://gw.test/a/v1/messages?api-version=1',
    ],
    [{}, { baseURL: 'https://gw.test/v1?' }, 'https://gw.test/v1/messages'],
    [
      {},
      { baseURL: 'https://gw.test?a=1&b=2', defaultQuery: { b: 3, c: 4 } },
      'https://gw.test/v1/messages?a=1&b=3&c=4',
    ],
    [
      {},
      { baseURL: 'https://gw.test?a=1', defaultQuery: { a: null } },
      'https://gw.test/v1/messages',
    ],
    [{ BASE_URL: 'https://gw.test/v1?a=1' }, {}, 'https://gw.test/v1/messages?a=1'],
  ];
  it.each(cases)('%j with %j: %s', async (env, options, url) => {
    setEnv(env);
    expect((await requestOf({ apiKey: 'key', ...options })).url).toBe(url);
  });

  it.each([
    '',
    'api.anthropic.com',
    'ftp://x.test',
    '//x.test',
    'http://',
    'http://a b',
    'http://a/b c',
    '/v1',
  ])('%j is refused', (baseURL) => {
    const make = (): Anthropic => new Anthropic({ baseURL });
    expect(make).toThrow(AnthropicError);
    expect(make).toThrow(
      `baseURL is ${JSON.stringify(baseURL)}: give an address such as https://api.anthropic.com`,
    );
  });

  it.each([
    ['ftp://me:hunter22@x.test', 'x.test'],
    ['https://me:hunter22@x.test/a b', 'https://x.test/a%20b'],
    ['https://:hunter22@x.test/a b', 'https://x.test/a%20b'],
    ['me:hunter@22@', ''],
  ])('%j is refused without its user name and password', (baseURL, shown) => {
    expect(() => new Anthropic({ baseURL })).toThrow(
      `baseURL is ${JSON.stringify(shown)}: give an address such as https://api.anthropic.com`,
    );
  });

  it('with a user name or a password warns once for each host, and sends neither', async () => {
    const warnings: unknown[] = [];
    const observe = (event: { type: string }): void => {
      if (event.type === 'warning') warnings.push(event);
    };
    for (const userinfo of ['me:hunter22', 'me', ':hunter22']) {
      const baseURL = `https://${userinfo}@${userinfo.length}.test/a`;
      const request = await requestOf({ apiKey: 'key', baseURL, observe });
      expect(request.url).toBe(`https://${userinfo.length}.test/a/v1/messages`);
      new Anthropic({ apiKey: 'key', baseURL, observe });
    }
    expect(warnings).toHaveLength(3);
    expect(warnings[0]).toMatchObject({
      message: expect.stringMatching(/^user name and password in baseURL are not sent/),
    });
  });

  it('from the environment is refused likewise', () => {
    setEnv({ BASE_URL: 'nope' });
    expect(() => new Anthropic()).toThrow('baseURL is "nope": give an address');
  });
});

describe('headers', () => {
  const cases: readonly [
    lines: string | undefined,
    options: ClientOptions,
    headers: Record<string, string | null>,
  ][] = [
    [undefined, {}, { 'user-agent': `millrace/${VERSION}`, 'anthropic-version': '2026-10-21' }],
    ['X-A: 1', {}, { 'x-a': '1' }],
    [
      'X-A: 1\nx-b:2\r\n\n  X-C :  a: b  \nnonsense\n: nothing',
      {},
      { 'x-a': '1', 'x-b': '2', 'x-c': 'a: b' },
    ],
    ['x-a: 1', { defaultHeaders: { 'X-A': '2' } }, { 'x-a': '2' }],
    ['x-a: 1', { defaultHeaders: { 'x-a': null } }, { 'x-a': null }],
    ['x-a: 1', { defaultHeaders: { 'x-a': undefined } }, { 'x-a': '1' }],
    ['user-agent: mine', {}, { 'user-agent': 'mine' }],
    [undefined, { defaultHeaders: { 'User-Agent': 'mine' } }, { 'user-agent': 'mine' }],
    [undefined, { defaultHeaders: { 'user-agent': null } }, { 'user-agent': null }],
    ['Authorization: Basic x', {}, { authorization: 'Basic x' }],
    [
      undefined,
      { defaultHeaders: { authorization: null, 'x-api-key': 'k' } },
      { authorization: null, 'x-api-key': 'k' },
    ],
  ];
  it.each(cases)('%j with %j', async (lines, options, headers) => {
    setEnv(lines === undefined ? {} : { CUSTOM_HEADERS: lines });
    const sent = (await requestOf({ apiKey: 'key', ...options })).headers;
    const found = Object.keys(headers).map((name) => [name, sent.get(name)]);
    expect(Object.fromEntries(found)).toEqual(headers);
  });
});

describe('the rest', () => {
  it('has the documented defaults', () => {
    const settings = resolveOptions({});
    expect(settings).toMatchObject({
      timeouts: {
        response: 600_000,
        idle: 180_000,
        stall: 900_000,
        longStall: 3_600_000,
        total: Infinity,
      },
      maxRetries: 2,
      maxEventBytes: 33_554_432,
      observe: undefined,
    });
    expect(settings.clock).toBe(systemClock);
  });

  it('can be set', () => {
    const clock = { ...systemClock };
    const seen: Observation[] = [];
    const observe = (observation: Observation): void => void seen.push(observation);
    const options = { timeout: 5, maxRetries: 0, maxEventBytes: 9, clock, observe };
    const settings = resolveOptions(options);
    expect(settings).toMatchObject({
      timeouts: { response: 5, idle: 5, stall: 900_000, total: Infinity },
      maxRetries: 0,
      maxEventBytes: 9,
    });
    expect(settings.clock).toBe(clock);
    const observation = { type: 'warning', message: 'careful' } as const;
    settings.observe?.(observation);
    expect(seen).toEqual([observation]);
  });

  const senseless: readonly [options: object, message: string][] = [
    [{ timeout: -1 }, 'timeout.response is -1: give milliseconds above 0'],
    [{ timeout: '30s' }, 'timeout is "30s": pass milliseconds'],
    [{ maxEventBytes: Number.NaN }, 'maxEventBytes is NaN: pass a number of bytes'],
    [{ maxRetry: 1 }, "unknown option 'maxRetry'; did you mean 'maxRetries'?"],
    [{ maxRetries: -1 }, 'maxRetries is -1: give a whole number'],
    [{ maxRetries: Number.NaN }, 'maxRetries is NaN: give a whole number'],
    [{ maxRetries: '2' }, 'maxRetries is "2": give a whole number'],
  ];
  it.each(senseless)('%j is refused, for a client and for a request', async (options, message) => {
    const make = (): Anthropic => new Anthropic(options);
    expect(make).toThrow(AnthropicError);
    expect(make).toThrow(message);
    const client = new Anthropic({ apiKey: 'key', fetch: async () => Response.json(MESSAGE) });
    const request = async () => client.messages.create(PARAMS, options);
    await expect(request).rejects.toThrow(AnthropicError);
    await expect(request).rejects.toThrow(message);
  });

  it('withOptions changes some and keeps the others', async () => {
    const urls: string[] = [];
    const client = new Anthropic({
      apiKey: 'key',
      baseURL: 'http://a.test',
      fetch: async (url, init) => {
        urls.push(`${url} ${new Headers(init.headers).get('authorization')}`);
        return Response.json(MESSAGE);
      },
    });
    await client.withOptions({ baseURL: 'http://b.test' }).messages.create(PARAMS);
    await client.withOptions({ apiKey: 'other' }).messages.create(PARAMS);
    await client.messages.create(PARAMS);
    expect(urls).toEqual([
      'http://b.test/v1/messages Bearer key',
      'http://a.test/v1/messages Bearer other',
      'http://a.test/v1/messages Bearer key',
    ]);
  });

  it('withOptions takes undefined as no change', async () => {
    const sent: (string | null)[] = [];
    const client = new Anthropic({
      apiKey: 'key',
      maxRetries: 0,
      fetch: async (_, init) => {
        sent.push(new Headers(init.headers).get('authorization'));
        return Response.json({}, { status: 529, headers: { 'retry-after-ms': '0' } });
      },
    });
    const same = { apiKey: undefined, authToken: undefined, maxRetries: undefined };
    const request = client.withOptions({ ...same, timeout: 5_000 }).messages.create(PARAMS);
    await expect(request).rejects.toThrow('HTTP 529');
    expect(sent).toEqual(['Bearer key']); // Once: there are still no retries.
  });
});

describe('in a browser', () => {
  beforeEach(() => {
    vi.stubGlobal('window', {});
    vi.stubGlobal('document', {});
  });

  it('a key is refused', () => {
    expect(() => new Anthropic({ apiKey: 'key' })).toThrow(AnthropicError);
    expect(() => new Anthropic({ apiKey: 'key' })).toThrow('or set dangerouslyAllowBrowser: true');
  });

  it('unless the caller knows', async () => {
    const { headers } = await requestOf({ apiKey: 'key', dangerouslyAllowBrowser: true });
    expect(headers.get('anthropic-dangerous-direct-browser-access')).toBe('true');
    expect(headers.has('user-agent')).toBe(false);
  });
});

it('works where there is no environment', async () => {
  vi.stubGlobal('process', undefined);
  const { url } = await requestOf({ apiKey: 'key' });
  expect(url).toBe('https://api.anthropic.com/v1/messages');
});

describe('ANTHROPIC_LOG', () => {
  const levels: readonly [level: string | undefined, lines: RegExp[]][] = [
    [undefined, []],
    ['off', []],
    ['error', []],
    ['warn', [/^millrace: retry attempt=1 delay=0 error=RateLimitError: HTTP 429/]],
    [
      'INFO',
      [
        /^millrace: response status=429 /,
        /^millrace: retry /,
        /^millrace: response status=200 /,
        /^millrace: end outcome=complete /,
      ],
    ],
    [
      'debug',
      [
        /^millrace: request attempt=1 method=POST url=https:\/\/api\.anthropic\.com\/v1\/messages streamId=str_\w+ attemptId=att_\w+$/,
        /^millrace: response status=429 requestId=req_1 ms=/,
        /^millrace: retry /,
        /^millrace: request /,
        /^millrace: response status=200 ms=/,
        /^millrace: end outcome=complete ms=\d+ attempts=2 recoveries=0 streamId=str_\w+$/,
      ],
    ],
  ];
  it('is one line without what a terminal obeys', async () => {
    setEnv({ LOG: 'debug' });
    const logged: unknown[] = [];
    vi.spyOn(console, 'error').mockImplementation((line) => void logged.push(line));
    const message = 'a\u001b]0;x\u0007\u009b2J\u202eb\nmillrace: forged\u2028';
    const headers = { 'request-id': 'req\u009b31m', 'retry-after-ms': '0' };
    const answers = [
      Response.json(
        { type: 'error', error: { type: 'api_error', message } },
        { status: 500, headers },
      ),
      Response.json(MESSAGE, { headers }),
    ];
    const fetch = async (): Promise<Response> => answers.shift() ?? Response.error();
    await new Anthropic({ apiKey: 'sk-secret', fetch }).messages.create(PARAMS);
    expect(logged).toHaveLength(6);
    expect(logged.join('')).not.toMatch(/[\p{Cc}\p{Bidi_Control}\u2028]/u);
    expect(logged.join('')).toMatch(/req\ufffd31m.*a\ufffd\]0;x\ufffd\ufffd2J\ufffdb/);
  });

  it.each(levels)('%s', async (level, lines) => {
    setEnv(level === undefined ? {} : { LOG: level });
    const logged: unknown[] = [];
    vi.spyOn(console, 'error').mockImplementation((line) => void logged.push(line));
    const headers = { 'request-id': 'req_1', 'retry-after-ms': '0' };
    const answers = [new Response('', { status: 429, headers }), Response.json(MESSAGE)];
    const client = new Anthropic({
      apiKey: 'sk-secret',
      fetch: async () => answers.shift() ?? Response.error(),
    });
    await client.messages.create(PARAMS);
    expect(logged).toHaveLength(lines.length);
    for (const [i, line] of lines.entries()) expect(logged[i]).toMatch(line);
    expect(logged.join('\n')).not.toContain('sk-secret');
  });
});

describe('secrets are never shown', () => {
  const SECRET = 'sk-ant-secret';
  const options: ClientOptions = {
    apiKey: SECRET,
    authToken: SECRET,
    defaultHeaders: { 'x-token': SECRET },
  };
  const shown = (value: unknown): string =>
    inspect(value, { depth: 10, showHidden: true }) +
    (value instanceof Error ? `${value.message}${value.stack}` : '') +
    JSON.stringify(value);

  it.each<[what: string, options: ClientOptions]>([
    ['a client', options],
    ['a client that asks for its key', { ...options, apiKey: () => SECRET }],
  ])('by %s', (_, given) => {
    setEnv({ API_KEY: SECRET, AUTH_TOKEN: SECRET, CUSTOM_HEADERS: `x-other: ${SECRET}` });
    for (const client of [
      new Anthropic(given),
      new Anthropic(),
      new Anthropic().withOptions(given),
    ]) {
      expect(shown(client)).not.toContain(SECRET);
      expect(shown(client.messages.stream(PARAMS))).not.toContain(SECRET);
    }
  });

  const overloaded = { error: { type: 'overloaded_error', message: 'busy' } };
  const again = { status: 529, headers: { 'retry-after-ms': '0' } };
  const failing: readonly [message: string, change: ClientOptions][] = [
    [
      'HTTP 529 overloaded_error: busy',
      { maxRetries: 1, fetch: async () => Response.json(overloaded, again) },
    ],
    ['no connection to 127.0.0.1:1: ECONNREFUSED', { baseURL: 'http://127.0.0.1:1' }],
    [
      'no connection to 127.0.0.1:1: bad port',
      { baseURL: 'http://127.0.0.1:1', fetch: (url, init) => fetch(url, init) },
    ],
    ['<html>', { fetch: async () => new Response('<html>') }],
    ['the header authorization contains a character', { apiKey: `${SECRET}\n${SECRET}` }],
    [
      'the header authorization contains a character',
      { apiKey: `${SECRET}\n${SECRET}`, fetch: (url, init) => fetch(url, init) },
    ],
    [
      'the header x-token contains a character',
      { defaultHeaders: { 'x-token': `${SECRET}\u2026` } },
    ],
    ['no response headers within', { timeout: 1, fetch: () => new Promise(() => {}) }],
  ];
  it.each(failing)('by the error: %s', async (message, change) => {
    const observed: Observation[] = [];
    const client = new Anthropic({
      ...options,
      maxRetries: 0,
      observe: (observation) => void observed.push(observation),
      ...change,
    });
    for (const request of [
      () => client.messages.create(PARAMS),
      () => client.messages.stream(PARAMS).getFinalMessage(),
    ]) {
      const error = await request().catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(AnthropicError);
      expect((error as Error).message).toContain(message);
      expect(shown(error)).not.toContain(SECRET);
    }
    expect(shown(observed)).not.toContain(SECRET);
  });
});

it('an observer that throws fails nothing', async () => {
  const observe = (): never => {
    throw new Error('observed badly');
  };
  await expect(requestOf({ apiKey: 'key', observe })).resolves.toMatchObject({
    url: 'https://api.anthropic.com/v1/messages',
  });
});

it.each([
  ['a token takes the place of a key', { apiKey: 'key' }, { authToken: 'token' }, 'Bearer token'],
  ['a key takes the place of a token', { authToken: 'token' }, { apiKey: 'key' }, 'Bearer key'],
  ['another option keeps it', { apiKey: 'key' }, { maxRetries: 0 }, 'Bearer key'],
])('withOptions(): %s', async (_, before, after, expected) => {
  let sent: Headers | undefined;
  const fetch = async (_url: string, init: RequestInit): Promise<Response> => {
    sent = new Headers(init.headers);
    return Response.json(MESSAGE);
  };
  await new Anthropic({ ...before, fetch }).withOptions(after).messages.create(PARAMS);
  expect(sent?.get('authorization')).toBe(expected);
});
