import { describe, expect, it } from 'vitest';
import type { Anthropic } from '../../src/client.js';
import type { Observation } from '../../src/observe.js';
import type { RetryInfo } from '../../src/transport/retry.js';
import type { RequestOptions } from '../../src/transport/settings.js';
import { errorEvent, messageStart, PING, sse, textBlock, textMessage } from '../contract/wire.js';
import { all, clientOf, failure, HASTY, idle, PARAMS, until } from '../stream/support.js';
import { deferred, type RawServer, rawServer, type Script } from '../support/raw-server.js';

const SOON = { 'retry-after-ms': '1' };
const TEXT = 'Hello world';
const whole: Script = { body: [sse(...textMessage(...TEXT.split(/(?= )/)))] };
const message = {
  ...(messageStart().message as object),
  content: [{ type: 'text', text: TEXT }],
  stop_reason: 'end_turn',
};
const failing = (status: number, type: string, headers: Script['headers'] = SOON): Script => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: [JSON.stringify(errorEvent(type))],
});

/** Ways to ask for the text of an answer, and the script that answers them. */
const ways: Readonly<
  Record<
    string,
    { text: (client: Anthropic, options?: RequestOptions) => Promise<string>; good: Script }
  >
> = {
  'stream()': {
    text: (client, options) => client.messages.stream(PARAMS, options).getFinalText(),
    good: whole,
  },
  'create({ stream })': {
    text: async (client, options) => {
      const stream = await client.messages.create({ ...PARAMS, stream: true }, options);
      return (await all(stream))
        .map((event) => (event as { delta?: { text?: string } }).delta?.text ?? '')
        .join('');
    },
    good: whole,
  },
  'create()': {
    text: async (client, options) => textOf(await client.messages.create(PARAMS, options)),
    good: { body: [JSON.stringify(message)], headers: { 'content-type': 'application/json' } },
  },
  'create() of a long answer': {
    text: async (client, options) =>
      textOf(await client.messages.create({ ...PARAMS, max_tokens: 64_000 }, options)),
    good: whole,
  },
};

const textOf = ({ content }: { content: object[] }): string =>
  (content as { text: string }[]).map(({ text }) => text).join('');

const passing: Readonly<Record<string, Script>> = {
  'HTTP 408': failing(408, 'timeout_error'),
  'HTTP 409': failing(409, 'conflict_error'),
  'HTTP 429': failing(429, 'rate_limit_error'),
  'HTTP 500': failing(500, 'api_error'),
  'HTTP 529': failing(529, 'overloaded_error'),
  'HTTP 502 with HTML': { status: 502, headers: SOON, body: ['<html>'] },
  'HTTP 400 with x-should-retry: true': failing(400, 'invalid_request_error', {
    ...SOON,
    'x-should-retry': 'true',
  }),
};

describe.each(Object.entries(ways))('%s', (_, { text, good }) => {
  it.each(Object.entries(passing))('tries again after %s', async (_, script) => {
    await using server = await rawServer([script, script, good]);
    expect(await text(clientOf(server, { maxRetries: 2 }))).toBe(TEXT);
    expect(server.exchanges).toHaveLength(3);
    const [first, ...others] = server.exchanges.map(({ body }) => body);
    expect(others).toEqual([first, first]);
  });

  it('tries twice by default, then gives the last error', async () => {
    const script = failing(529, 'overloaded_error');
    await using server = await rawServer(script);
    const error = await failure(text(clientOf(server, { maxRetries: undefined })));
    expect(error).toMatchObject({ name: 'OverloadedError', status: 529, retryable: true });
    expect(server.exchanges).toHaveLength(3);
  });

  it.each<[string, Script]>([
    ['HTTP 400', failing(400, 'invalid_request_error')],
    ['HTTP 401', failing(401, 'authentication_error')],
    ['HTTP 404', failing(404, 'not_found_error')],
    ['HTTP 422', failing(422, 'invalid_request_error')],
    [
      'HTTP 529 with x-should-retry: false',
      failing(529, 'overloaded_error', { ...SOON, 'x-should-retry': 'false' }),
    ],
  ])('does not try again after %s', async (_, script) => {
    await using server = await rawServer([script, good]);
    expect(await failure(text(clientOf(server, { maxRetries: 2 })))).toMatchObject({
      status: script.status,
      retryable: false,
    });
    expect(server.exchanges).toHaveLength(1);
  });

  it('does not try again with maxRetries 0, of the client or of the call', async () => {
    await using server = await rawServer(failing(529, 'overloaded_error'));
    const error = { name: 'OverloadedError' };
    expect(await failure(text(clientOf(server, { maxRetries: 0 })))).toMatchObject(error);
    expect(server.exchanges).toHaveLength(1);
    const call = text(clientOf(server, { maxRetries: 2 }), { maxRetries: 0 });
    expect(await failure(call)).toMatchObject(error);
    expect(server.exchanges).toHaveLength(2);
  });

  it('tries again after a connection that broke before the answer', async () => {
    await using server = await rawServer([{ status: 'none', end: 'reset' }, good]);
    expect(await text(clientOf(server, { maxRetries: 1, clock: HASTY }))).toBe(TEXT);
    expect(server.exchanges).toHaveLength(2);
  });

  it('tries again after a connection that was refused', async () => {
    const gone = await rawServer(good);
    await gone[Symbol.asyncDispose]();
    const back = deferred<RawServer>();
    const client = clientOf(gone, {
      maxRetries: 2,
      clock: {
        ...HASTY,
        // The pause before the next try: until the server is back.
        setTimeout: (callback, ms) =>
          ms < 10_000 ? void back.promise.then(callback) : HASTY.setTimeout(callback, ms),
      },
      observe: async ({ type }) => {
        if (type === 'retry') back.resolve(await rawServer(good, gone.port));
      },
    });
    const answer = text(client);
    await using server = await back.promise;
    expect(await answer).toBe(TEXT);
    expect(server.exchanges).toHaveLength(1);
  });
});

describe('before content, a stream tries again', () => {
  it.each<[string, Script]>([
    ['an error event first of all', { body: [sse(errorEvent('overloaded_error'))], headers: SOON }],
    [
      'an error event after message_start',
      { body: [sse(messageStart(), PING, errorEvent('overloaded_error'))], headers: SOON },
    ],
    ['end of file after message_start', { body: [sse(messageStart())] }],
    ['an empty body', {}],
    ['an error as JSON with status 200', failing(200, 'overloaded_error')],
  ])('after %s', async (_, script) => {
    await using server = await rawServer([script, whole]);
    const stream = clientOf(server, { maxRetries: 1, clock: HASTY }).messages.stream(PARAMS);
    expect((await all(stream)).map(({ type }) => type)).toEqual([
      ...['message_start', 'content_block_start', 'content_block_delta', 'content_block_delta'],
      ...['content_block_stop', 'message_delta', 'message_stop'],
    ]);
    expect(await stream.getFinalText()).toBe(TEXT);
    expect(server.exchanges).toHaveLength(2);
  });

  it.each<[string, Script]>([
    [
      'an invalid_request_error',
      { body: [sse(messageStart(), errorEvent('invalid_request_error'))] },
    ],
    [
      'content',
      { body: [sse(messageStart(), ...textBlock(0, 'a'), errorEvent('overloaded_error'))] },
    ],
  ])('but not after %s', async (_, script) => {
    await using server = await rawServer([script, whole]);
    const { error } = await until(clientOf(server, { maxRetries: 2 }).messages.stream(PARAMS));
    expect(error).toMatchObject({ status: expect.any(Number), type: expect.any(String) });
    expect(server.exchanges).toHaveLength(1);
  });

  it('the second answer may be of another message, however early the first is read', async () => {
    const bodies = [0, 1].map(() => new TransformStream<Uint8Array, Uint8Array>());
    let requests = 0;
    const client = clientOf(
      { url: 'http://unused.invalid' },
      {
        maxRetries: 1,
        fetch: async () => new Response(bodies[requests++]?.readable, { headers: SOON }),
      },
    );
    const stream = client.messages.stream(PARAMS);
    await stream.connect();
    const [first, second] = bodies.map(({ writable }) => writable.getWriter());
    const bytes = new TextEncoder();
    // A write that is done has been read.
    await first?.write(bytes.encode(sse(messageStart({ id: 'msg_first' }))));
    await idle();
    const reading = until(stream);
    await first?.write(bytes.encode(sse(errorEvent('overloaded_error'))));
    void second?.write(bytes.encode(sse(...textMessage('Hello'))));
    const { seen, error } = await reading;
    expect(error).toBeUndefined();
    expect(seen.filter(({ type }) => type === 'message_start')).toHaveLength(1);
    expect(await stream.getFinalMessage()).toMatchObject({ id: 'msg_1', stop_reason: 'end_turn' });
    expect(requests).toBe(2);
  });
});

describe('a retry is told', () => {
  it('to listeners, with its number, its delay and its reason', async () => {
    await using server = await rawServer([
      failing(429, 'rate_limit_error', { 'retry-after-ms': '3' }),
      failing(529, 'overloaded_error', { 'retry-after': '0.005' }),
      whole,
    ]);
    const told: RetryInfo[] = [];
    const stream = clientOf(server, { maxRetries: 2 }).messages.stream(PARAMS);
    stream.on('retry', (info) => told.push(info));
    expect(await stream.getFinalText()).toBe(TEXT);
    expect(told).toEqual([
      { attempt: 1, delay: 3, error: expect.objectContaining({ name: 'RateLimitError' }) },
      { attempt: 2, delay: 5, error: expect.objectContaining({ name: 'OverloadedError' }) },
    ]);
  });

  it('to the observer, between the requests', async () => {
    await using server = await rawServer([failing(529, 'overloaded_error'), whole]);
    const seen: Observation[] = [];
    const client = clientOf(server, { maxRetries: 1, observe: (seeing) => seen.push(seeing) });
    await client.messages.stream(PARAMS).untilDone();
    expect(seen).toEqual([
      { type: 'request', method: 'POST', url: `${server.url}/v1/messages` },
      { type: 'response', status: 529, requestId: 'req_test', ms: expect.any(Number) },
      { type: 'retry', attempt: 1, delay: 1, error: expect.any(Error) },
      { type: 'request', method: 'POST', url: `${server.url}/v1/messages` },
      { type: 'response', status: 200, requestId: 'req_test', ms: expect.any(Number) },
    ]);
  });

  it('and connect is told once, when a response is there that is not tried again', async () => {
    await using server = await rawServer([failing(529, 'overloaded_error'), whole]);
    const statuses: number[] = [];
    const stream = clientOf(server, { maxRetries: 1 }).messages.stream(PARAMS);
    stream.on('connect', ({ status }) => statuses.push(status));
    await stream.untilDone();
    expect(statuses).toEqual([200]);
    expect((await stream.response).status).toBe(200);
  });
});

it('waits as long as the server asks', async () => {
  await using server = await rawServer([
    failing(529, 'overloaded_error', { 'retry-after-ms': '60' }),
    whole,
  ]);
  const since = performance.now();
  await clientOf(server, { maxRetries: 1 }).messages.stream(PARAMS).untilDone();
  expect(performance.now() - since).toBeGreaterThanOrEqual(59);
});
