import { describe, expect, it, vi } from 'vitest';
import { AnthropicError } from '../../src/errors.js';
import type { HeaderOptions } from '../../src/transport/headers.js';
import type { ApiRequest } from '../../src/transport/options.js';
import type { QueryOptions } from '../../src/transport/query.js';
import { buildRequest } from '../../src/transport/request.js';

const post: ApiRequest = { method: 'POST', path: '/v1/messages', body: '{}', stream: false };

interface Layers {
  authorization?: string;
  client?: HeaderOptions;
  call?: HeaderOptions;
  request?: HeaderOptions;
  query?: string;
  extraQuery?: QueryOptions;
}

const build = (
  { authorization = 'Bearer key', client = {}, call, request, query = '', extraQuery }: Layers = {},
  base = post,
) =>
  buildRequest(
    { baseURL: 'https://api.test/base', headers: client, query },
    { ...base, ...(call === undefined ? {} : { headers: call }) },
    { extraHeaders: request, extraQuery },
    authorization === '' ? {} : { authorization },
  );

const DEFAULTS = {
  accept: 'application/json',
  'anthropic-version': '2026-10-21',
  'content-type': 'application/json',
  authorization: 'Bearer key',
};

it('is what WIRE says', () => {
  expect(build()).toStrictEqual({
    method: 'POST',
    url: 'https://api.test/base/v1/messages',
    headers: DEFAULTS,
    body: '{}',
  });
});

it('asks for events where the answer is a stream', () => {
  const { headers } = build({}, { ...post, stream: true });
  expect(headers).toEqual({
    ...DEFAULTS,
    accept: 'text/event-stream',
    'accept-encoding': 'identity',
  });
});

it('has no content type without content', () => {
  const request = build({}, { method: 'GET', path: '/v1/models', stream: false });
  const { 'content-type': _, ...headers } = DEFAULTS;
  expect(request).toEqual({
    method: 'GET',
    url: 'https://api.test/base/v1/models',
    headers,
    body: undefined,
  });
});

describe('headers: the request goes before the call, the call before the client', () => {
  const { authorization: _, ...withoutKey } = DEFAULTS;
  const cases: readonly [layers: Layers, headers: object][] = [
    [{ client: { 'x-a': '1' } }, { ...DEFAULTS, 'x-a': '1' }],
    [
      { client: { 'X-A': '1' }, call: { 'x-a': '2' } },
      { ...DEFAULTS, 'x-a': '2' },
    ],
    [
      { client: { a: '1' }, call: { a: '2' }, request: { A: '3' } },
      { ...DEFAULTS, a: '3' },
    ],
    [
      { client: { a: '1' }, call: { b: '2' }, request: { c: '3' } },
      { ...DEFAULTS, a: '1', b: '2', c: '3' },
    ],
    [{ client: { a: '1' }, request: { A: null } }, DEFAULTS],
    [
      { client: { a: null }, request: { a: '3' } },
      { ...DEFAULTS, a: '3' },
    ],
    [
      { client: { a: '1' }, request: { a: undefined } },
      { ...DEFAULTS, a: '1' },
    ],
    [{ client: { a: '' } }, { ...DEFAULTS, a: '' }],
    [
      { request: { 'Anthropic-Version': '2023-06-01' } },
      { ...DEFAULTS, 'anthropic-version': '2023-06-01' },
    ],
    [{ client: { Authorization: null, 'X-API-Key': 'k' } }, { ...withoutKey, 'x-api-key': 'k' }],
    [
      { authorization: '', request: { 'x-api-key': 'k' } },
      { ...withoutKey, 'x-api-key': 'k' },
    ],
    [
      { authorization: '', request: { authorization: 'Basic x' } },
      { ...DEFAULTS, authorization: 'Basic x' },
    ],
  ];
  it.each(cases)('%j', (layers, headers) => {
    expect(build(layers).headers).toStrictEqual(headers);
  });
});

describe('without a key', () => {
  it.each<Layers>([
    { authorization: '' },
    { client: { authorization: null } },
    { request: { Authorization: null } },
    { client: { 'x-api-key': 'k' }, request: { 'x-api-key': null, authorization: null } },
  ])('%j says where to put it', (layers) => {
    const request = (): unknown => build(layers);
    expect(request).toThrow(AnthropicError);
    expect(request).toThrow('no API key: set ANTHROPIC_API_KEY or pass new Anthropic({ apiKey })');
  });
});

it('without a key, and without leave to read the environment, says what Deno needs', () => {
  const environment = {
    get ANTHROPIC_API_KEY(): string {
      throw new Error('NotCapable');
    },
  };
  vi.stubGlobal('process', { env: environment });
  expect(() => build({ authorization: '' })).toThrow(/^no API key: .* Deno needs --allow-env$/);
  vi.unstubAllGlobals();
});

describe('what no header can carry is refused by name, and not shown', () => {
  it.each<[name: string, layers: Layers]>([
    ['authorization', { authorization: 'Bearer sk-secret\n' }],
    ['authorization', { authorization: 'Bearer sk-secret\u2026' }],
    ['x-token', { client: { 'X-Token': 'sk-secret\r\nx-b: c' } }],
    ['x-token', { request: { 'x-token': 'sk-secret\0' } }],
  ])('%s', (name, layers) => {
    const request = (): unknown => build(layers);
    expect(request).toThrow(AnthropicError);
    expect(request).toThrow(`the header ${name} `);
    expect(request).not.toThrow('sk-secret');
  });

  it.each(['', 'a\tb', 'é', ' ~!'])('%j can be sent', (value) => {
    expect(build({ client: { a: value } }).headers).toHaveProperty('a', value);
  });
});

describe('the query: that of the request goes before that of the client', () => {
  it.each<[query: string, extraQuery: QueryOptions | undefined, sent: string]>([
    ['', undefined, ''],
    ['', {}, ''],
    ['?a=1', undefined, '?a=1'],
    ['?a=1&b=2', { b: true, c: 'x y&z=ü' }, '?a=1&b=true&c=x+y%26z%3D%C3%BC'],
    ['?a=1', { a: null }, ''],
    ['?a=1', { a: undefined }, '?a=1'],
    ['', { a: '' }, '?a='],
    ['?a=1&a=2&b=x%20y', { c: 3 }, '?a=1&a=2&b=x+y&c=3'],
    ['?a=1&a=2', { a: 3 }, '?a=3'],
  ])('%j and %j', (query, extraQuery, sent) => {
    const { url } = build({ query, ...(extraQuery && { extraQuery }) });
    expect(url).toBe(`https://api.test/base/v1/messages${sent}`);
  });
});

describe('flags of the client and of the call are one list of betas', () => {
  it.each<[layers: Layers, sent: string | undefined]>([
    [{}, undefined],
    [{ client: { 'anthropic-beta': 'a' } }, 'a'],
    [{ call: { 'anthropic-beta': 'b' } }, 'b'],
    [{ client: { 'Anthropic-Beta': 'a' }, call: { 'anthropic-beta': 'b' } }, 'a,b'],
    [{ client: { 'anthropic-beta': 'a, b ,,c' }, call: { 'anthropic-beta': 'c,d,a' } }, 'a,b,c,d'],
    [{ client: { 'anthropic-beta': null }, call: { 'anthropic-beta': 'b' } }, 'b'],
    [
      {
        client: { 'anthropic-beta': 'a' },
        call: { 'anthropic-beta': 'b' },
        request: { 'Anthropic-Beta': 'c' },
      },
      'c',
    ],
    [{ client: { 'anthropic-beta': 'a' }, request: { 'anthropic-beta': null } }, undefined],
  ])('%j: %s', (layers, sent) => {
    expect(build(layers).headers['anthropic-beta']).toBe(sent);
  });
});

it('no coding is asked for where that is overridden', () => {
  const stream = { ...post, stream: true };
  const none = build({ client: { 'Accept-Encoding': null } }, stream);
  expect(none.headers).not.toHaveProperty('accept-encoding');
  expect(build({ request: { 'accept-encoding': 'br' } }, stream).headers).toMatchObject({
    'accept-encoding': 'br',
  });
});
