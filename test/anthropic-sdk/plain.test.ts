import { getEventListeners } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import Anthropic, {
  APIConnectionTimeoutError,
  NotFoundError,
  toFile,
} from '../../packages/anthropic-sdk/src/index.js';
import { failure } from './support.js';

/** Path → what a server answers, in turn. */
let answers: Record<string, [status: number, body: string | undefined, headers?: object][]>;
let asked: {
  method: string | undefined;
  path: string;
  headers: IncomingMessage['headers'];
  body: string;
}[];
let client: Anthropic;
let close: () => void;

beforeEach(async () => {
  answers = {};
  asked = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const path = request.url ?? '';
    asked.push({ method: request.method, path, headers: request.headers, body });
    const [status, text, headers] = answers[path]?.shift() ?? [
      404,
      '{"error":{"type":"not_found_error"}}',
    ];
    // Without a body the answer never ends.
    if (text === undefined) return;
    response.writeHead(status, {
      'content-type': 'application/json',
      'request-id': 'req_1',
      ...headers,
    });
    response.end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  client = new Anthropic({ apiKey: 'k', baseURL: `http://127.0.0.1:${port}`, maxRetries: 1 });
  close = () => {
    server.closeAllConnections();
    server.close();
  };
});

afterEach(() => close());

const page = (ids: string[], has_more: boolean): string =>
  JSON.stringify({
    data: ids.map((id) => ({ id })),
    has_more,
    first_id: ids[0],
    last_id: ids.at(-1),
  });

describe('models', () => {
  it('are listed page by page', async () => {
    answers['/v1/models?limit=2'] = [[200, page(['a', 'b'], true)]];
    answers['/v1/models?limit=2&after_id=b'] = [[200, page(['c'], false)]];
    const ids = [];
    for await (const { id } of client.models.list({ limit: 2 })) ids.push(id);
    expect(ids).toEqual(['a', 'b', 'c']);
    expect(asked[0]?.headers['x-api-key']).toBe('k');
  });

  it('are listed backwards', async () => {
    answers['/v1/models?before_id=c'] = [[200, page(['a', 'b'], true)]];
    answers['/v1/models?before_id=a'] = [[200, page([], false)]];
    const first = await client.models.list({ before_id: 'c' });
    expect(first.hasNextPage()).toBe(true);
    const second = await first.getNextPage();
    expect(second.hasNextPage()).toBe(false);
    expect(() => second.getNextPage()).toThrow('No next page');
  });

  it('are retrieved', async () => {
    answers['/v1/models/a%2Fb'] = [[200, '{"id":"a/b"}']];
    const model = await client.models.retrieve('a/b');
    expect(model).toMatchObject({ id: 'a/b', _request_id: 'req_1' });
    expect(() => client.models.retrieve('')).toThrow("'' is no id");
  });
});

describe('requests that are no messages', () => {
  it.each([
    ['an object', { a: [1] }, {}, '{"a":[1]}', 'application/json'],
    ['a text', 'a', {}, '"a"', 'application/json'],
    ['a text of a type', 'a', { 'content-type': 'text/plain' }, 'a', 'text/plain'],
    ['bytes', new TextEncoder().encode('ab'), {}, 'ab', undefined],
    [
      'chunks',
      ['a', 'b'].map((text) => new TextEncoder().encode(text)).values(),
      {},
      'ab',
      undefined,
    ],
    [
      'a form',
      { a: [1, 2], b: { c: new Date(0) } },
      { 'content-type': 'application/x-www-form-urlencoded' },
      'a%5B%5D=1&a%5B%5D=2&b%5Bc%5D=1970-01-01T00%3A00%3A00.000Z',
      'application/x-www-form-urlencoded',
    ],
  ])('send %s', async (_, body, headers, sent, type) => {
    answers['/v1/x'] = [[200, '{}']];
    await client.post('/v1/x', { body, headers });
    expect(asked[0]?.body).toBe(sent);
    expect(asked[0]?.headers['content-type']).toBe(type);
  });

  it('send a stream once', async () => {
    answers['/v1/x'] = [[529, '{}']];
    const body = new Response('abc').body;
    expect(await failure(client.post('/v1/x', { body }))).toBeInstanceOf(Anthropic.OverloadedError);
    expect(asked.map(({ body }) => body)).toEqual(['abc']);
  });

  it('go through request(), which takes a promise', async () => {
    answers['/v1/x'] = [
      [200, '1'],
      [200, '2'],
    ];
    const request = vi.spyOn(client, 'request');
    expect(await client.put('/v1/x', Promise.resolve({ query: {} }))).toBe(1);
    expect(request).toHaveBeenCalledOnce();
    expect(await client.request(Promise.resolve({ method: 'get', path: '/v1/x' }))).toBe(2);
    const refused = await failure(client.get('/v1/x', { middleware: [() => 0] } as object));
    expect(refused.message).toMatch('middleware is not supported');
  });

  it('can be built without being sent', async () => {
    const { req, url, timeout } = await client.buildRequest({
      method: 'post',
      path: '/v1/x',
      body: { a: 1 },
      timeout: 5,
      headers: { 'x-api-key': undefined, accept: null },
    });
    expect(req).toMatchObject({ method: 'POST', body: '{"a":1}' });
    // A header that is undefined keeps its default, null removes it.
    expect(req.headers.get('x-api-key')).toBe('k');
    expect(req.headers.has('accept')).toBe(false);
    expect([url, timeout]).toEqual([`${client.baseURL}/v1/x`, 5]);
  });

  it('have the base of their path, unless the client has one', () => {
    const plain = new Anthropic({ apiKey: 'k' });
    const own = plain.withOptions({ baseURL: 'http://own' });
    const built = [plain, own].map((each) => each.buildURL('/x?a=1', { a: 2 }, 'http://other/v2'));
    expect(built).toEqual(['http://other/v2/x?a=2', 'http://own/x?a=2']);
    expect(plain.buildURL('/x')).toBe('https://api.anthropic.com/x');
  });

  it.each([
    ['whole', false],
    ['streamed', true],
  ])('are aborted while a %s body is read, and leave no listener', async (_, stream) => {
    const event = 'data: {"type":"message_start"}\n\n';
    answers['/v1/x'] = [[200, event, { 'content-length': '999' }]];
    const controller = new AbortController();
    const { signal } = controller;
    const read = async (): Promise<void> => {
      const events = await client.get<AsyncIterable<unknown>>('/v1/x', { stream, signal });
      for await (const _ of events) controller.abort();
    };
    const aborted = failure(read());
    if (!stream) void vi.waitUntil(() => asked.length === 1).then(() => controller.abort());
    expect(await aborted).toBeInstanceOf(Anthropic.APIUserAbortError);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('are tried again where that may help', async () => {
    answers['/v1/x?a=1'] = [
      [529, '{}', { 'retry-after-ms': '1' }],
      [200, '{"ok":true}'],
    ];
    expect(await client.get('/v1/x', { query: { a: 1 } })).toEqual({ ok: true });
    expect(asked).toHaveLength(2);
  });

  it('fail with the class of the status', async () => {
    expect(await failure(client.post('/v1/x', { body: { a: 1 } }))).toBeInstanceOf(NotFoundError);
    expect(asked).toMatchObject([{ method: 'POST', body: '{"a":1}' }]);
  });

  it('have a timeout, and a signal', async () => {
    answers['/v1/x'] = [
      [200, undefined],
      [200, undefined],
    ];
    const late = await failure(client.get('/v1/x', { timeout: 20, maxRetries: 0 }));
    expect(late).toBeInstanceOf(APIConnectionTimeoutError);
    const controller = new AbortController();
    const aborted = failure(client.get('/v1/x', { signal: controller.signal }));
    controller.abort();
    expect(await aborted).toBeInstanceOf(Anthropic.APIUserAbortError);
  });

  it('say what no connection is', async () => {
    const other = client.withOptions({ baseURL: 'http://127.0.0.1:1', maxRetries: 0 });
    const error = await failure(other.models.list());
    expect(error).toBeInstanceOf(Anthropic.APIConnectionError);
    expect(error.message).toMatch(/^Connection error: .+/);
  });

  it('stream events', async () => {
    const events = 'event: message_start\ndata: {"type":"message_start"}\n\n';
    answers['/v1/x'] = [[200, events, { 'content-type': 'text/event-stream' }]];
    const stream = await client.get<AsyncIterable<{ type: string }>>('/v1/x', { stream: true });
    const read = async (): Promise<void> => {
      for await (const { type } of stream) expect(type).toBe('message_start');
    };
    expect((await failure(read())).message).toBe('the response ended before the message did');
  });
});

describe('batches, files and skills', () => {
  it('has the results of a batch, one by one', async () => {
    answers['/v1/messages/batches/b'] = [
      [200, '{"id":"b","processing_status":"in_progress"}'],
      [200, '{"id":"b","results_url":"/v1/results"}'],
    ];
    answers['/v1/results'] = [[200, '{"custom_id":"1"}\n{"custom_id":"2"}\n']];
    expect((await failure(client.messages.batches.results('b'))).message).toMatch('in_progress');
    const ids = [];
    for await (const { custom_id } of await client.messages.batches.results('b'))
      ids.push(custom_id);
    expect(ids).toEqual(['1', '2']);
  });

  it('creates a batch, with betas in a header', async () => {
    answers['/v1/messages/batches'] = [[200, '{"id":"b"}']];
    await client.beta.messages.batches.create({ requests: [], betas: ['one'] });
    expect(asked[0]?.headers['anthropic-beta']).toBe('one,message-batches-2024-09-24');
    expect(asked[0]?.body).toBe('{"requests":[]}');
  });

  it('uploads and downloads files', async () => {
    answers['/v1/files'] = [[200, '{"id":"f"}']];
    answers['/v1/files/f/content'] = [[200, 'bytes', { 'content-type': 'text/plain' }]];
    const file = await toFile(Buffer.from('abc'), 'a.txt', { type: 'text/plain' });
    const { data, response } = await client.beta.files.upload({ file }).withResponse();
    expect([data.id, response.status]).toEqual(['f', 200]);
    expect(asked[0]?.body).toMatch(/filename="a.txt"[\s\S]*abc/);
    expect(asked[0]?.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/);
    expect(await (await client.beta.files.download('f')).text()).toBe('bytes');
  });

  it('sends two ids as headers, next to those of the options', async () => {
    answers['/v1/messages/batches'] = [[200, '{"id":"b"}']];
    answers['/v1/skills/s/versions/1/content'] = [[200, 'zip']];
    await client.messages.batches.create(
      { requests: [], user_profile_id: 'u', workspace_id: 'w' },
      { headers: new Headers({ 'x-a': '1' }) },
    );
    const content = await client.skills.versions.download('1', { skill_id: 's' });
    expect(await content.text()).toBe('zip');
    expect(asked).toMatchObject([
      {
        body: '{"requests":[]}',
        headers: { 'anthropic-user-profile-id': 'u', 'anthropic-workspace-id': 'w', 'x-a': '1' },
      },
      { headers: { accept: 'application/binary' } },
    ]);
  });

  it('takes options in the place of params', async () => {
    answers['/v1/skills/s/versions/1'] = [[200, '{"id":"v"}']];
    answers['/v1/messages/batches/b'] = [[200, '{"id":"b"}']];
    await client.beta.skills.versions.retrieve('1', { skill_id: 's' });
    await client.messages.batches.retrieve('b', { headers: { 'x-a': '1' } });
    expect(asked.map(({ headers }) => headers['x-a'])).toEqual([undefined, '1']);
  });
});
