import { describe, expect, it } from 'vitest';
import type { Anthropic } from '../../src/client.js';
import type { Observation, ObservedAttempt } from '../../src/observe.js';
import {
  createEmulator,
  type Fault,
  fault,
  type Reply,
  reply,
  type Server,
  serve,
} from '../../src/testing/index.js';
import type { RequestOptions } from '../../src/transport/options.js';
import type { RetryInfo } from '../../src/transport/retry.js';
import { errorEvent, messageStart, PING, sse, textMessage } from '../contract/wire.js';
import { all, clientOf, failure, HASTY, idle, PARAMS, until } from '../stream/support.js';
import { deferred } from '../support/deferred.js';
import { served } from '../support/served.js';

const SOON = { 'retry-after-ms': '1' };
const TEXT = 'Hello world';
const GOOD = reply.text(TEXT);
const failing = (status: number, headers: Record<string, string> = SOON): Reply =>
  reply.error(status, 'no', { headers });

/** Ways to ask for the text of an answer. */
const ways: Readonly<
  Record<string, (client: Anthropic, options?: RequestOptions) => Promise<string>>
> = {
  'stream()': (client, options) => client.messages.stream(PARAMS, options).getFinalText(),
  'create({ stream })': async (client, options) => {
    const stream = await client.messages.create({ ...PARAMS, stream: true }, options);
    return (await all(stream))
      .map((event) => (event as { delta?: { text?: string } }).delta?.text ?? '')
      .join('');
  },
  'create()': async (client, options) => textOf(await client.messages.create(PARAMS, options)),
  'create() of a long answer': async (client, options) =>
    textOf(await client.messages.create({ ...PARAMS, max_tokens: 64_000 }, options)),
};

const textOf = ({ content }: { content: object[] }): string =>
  (content as { text: string }[]).map(({ text }) => text).join('');

const passing: Readonly<Record<string, Reply>> = {
  'HTTP 408': failing(408),
  'HTTP 409': failing(409),
  'HTTP 429': failing(429),
  'HTTP 500': failing(500),
  'HTTP 529': failing(529),
  'HTTP 502 with HTML': reply.raw(502, SOON, ['<html>']),
  'HTTP 400 with x-should-retry: true': failing(400, { ...SOON, 'x-should-retry': 'true' }),
};

describe.each(Object.entries(ways))('%s', (_, text) => {
  it.each(Object.entries(passing))('tries again after %s', async (_, given) => {
    await using server = await served(given, given, GOOD);
    expect(await text(clientOf(server, { maxRetries: 2 }))).toBe(TEXT);
    expect(server.requests).toHaveLength(3);
    const [first, ...others] = server.requests.map(({ body }) => JSON.stringify(body));
    expect(others).toEqual([first, first]);
  });

  it('tries twice by default, then gives the last error', async () => {
    await using server = await served(failing(529));
    const error = await failure(text(clientOf(server, { maxRetries: undefined })));
    expect(error).toMatchObject({ name: 'OverloadedError', status: 529, retryable: true });
    expect(server.requests).toHaveLength(3);
  });

  it.each<[status: number, what: string, headers: Record<string, string>]>([
    [400, '', SOON],
    [401, '', SOON],
    [404, '', SOON],
    [422, '', SOON],
    [529, ' with x-should-retry: false', { ...SOON, 'x-should-retry': 'false' }],
  ])('does not try again after HTTP %i%s', async (status, _, headers) => {
    await using server = await served(failing(status, headers), GOOD);
    expect(await failure(text(clientOf(server, { maxRetries: 2 })))).toMatchObject({
      status,
      retryable: false,
    });
    expect(server.requests).toHaveLength(1);
  });

  it('does not try again with maxRetries 0, of the client or of the call', async () => {
    await using server = await served(failing(529));
    const error = { name: 'OverloadedError' };
    expect(await failure(text(clientOf(server, { maxRetries: 0 })))).toMatchObject(error);
    expect(server.requests).toHaveLength(1);
    const call = text(clientOf(server, { maxRetries: 2 }), { maxRetries: 0 });
    expect(await failure(call)).toMatchObject(error);
    expect(server.requests).toHaveLength(2);
  });

  it('tries again after a connection that broke before the answer', async () => {
    await using server = await served(reply.faulty(GOOD, fault.reset()), GOOD);
    expect(await text(clientOf(server, { maxRetries: 1, clock: HASTY }))).toBe(TEXT);
    expect(server.requests).toHaveLength(2);
  });

  it('tries again after a connection that was refused', async () => {
    const gone = await served(GOOD);
    await gone.close();
    const emulator = createEmulator({ replies: [GOOD] });
    const back = deferred<Server>();
    const port = Number(new URL(gone.url).port);
    const client = clientOf(gone, {
      maxRetries: 2,
      clock: {
        ...HASTY,
        // The pause before the next try: until the server is back.
        setTimeout: (callback, ms) =>
          ms < 10_000 ? void back.promise.then(callback) : HASTY.setTimeout(callback, ms),
      },
      observe: async ({ type }) => {
        if (type === 'retry') back.resolve(await serve(emulator, { port }));
      },
    });
    const answer = text(client);
    await using _server = await back.promise;
    expect(await answer).toBe(TEXT);
    expect(emulator.requests).toHaveLength(1);
  });
});

describe('before content, a stream tries again', () => {
  it.each<[string, Reply]>([
    [
      'an error event first of all',
      reply.faulty(GOOD, fault.error('overloaded_error', { phase: 'headers' })),
    ],
    [
      'an error event after message_start',
      reply.events([messageStart(), PING, errorEvent('overloaded_error')]),
    ],
    ['end of file after message_start', reply.faulty(GOOD, fault.cut({ event: 1 }))],
    ['an empty body', reply.faulty(GOOD, fault.cut({ byte: 0 }))],
    [
      'an error as JSON with status 200',
      reply.raw(200, { 'content-type': 'application/json', ...SOON }, [
        JSON.stringify(errorEvent('overloaded_error')),
      ]),
    ],
  ])('after %s', async (_, given) => {
    await using server = await served(given, GOOD);
    const stream = clientOf(server, { maxRetries: 1, clock: HASTY }).messages.stream(PARAMS);
    expect((await all(stream)).map(({ type }) => type)).toEqual([
      ...['message_start', 'content_block_start', 'content_block_delta', 'content_block_delta'],
      ...['content_block_stop', 'message_delta', 'message_stop'],
    ]);
    expect(await stream.getFinalText()).toBe(TEXT);
    expect(server.requests).toHaveLength(2);
  });

  it.each<[string, Fault]>([
    ['an invalid_request_error', fault.error('invalid_request_error', { event: 1 })],
    ['content', fault.error('overloaded_error', { event: 'content_block_stop' })],
  ])('but not after %s', async (_, broken) => {
    await using server = await served(reply.faulty(GOOD, broken), GOOD);
    const { error } = await until(clientOf(server, { maxRetries: 2 }).messages.stream(PARAMS));
    expect(error).toMatchObject({ status: expect.any(Number), type: expect.any(String) });
    expect(server.requests).toHaveLength(1);
  });

  it('the second answer may be of another message, however early the first is read', async () => {
    // By hand: the test goes on when an event has been read.
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
    await using server = await served(
      failing(429, { 'retry-after-ms': '3' }),
      failing(529, { 'retry-after': '0.005' }),
      GOOD,
    );
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
    await using server = await served(failing(529), GOOD);
    const seen: Observation[] = [];
    const client = clientOf(server, { maxRetries: 1, observe: (seeing) => seen.push(seeing) });
    await client.messages.stream(PARAMS).untilDone();
    const url = `${server.url}/v1/messages`;
    const requestId = expect.stringMatching(/^req_01/);
    const ms = expect.any(Number);
    const [{ streamId, attemptId: first }, , , { attemptId: second }] = seen as [
      ObservedAttempt,
      unknown,
      unknown,
      ObservedAttempt,
    ];
    expect(first).not.toBe(second);
    const one = { streamId, attemptId: first };
    const two = { streamId, attemptId: second };
    expect(seen).toEqual([
      { ...one, type: 'request', attempt: 1, method: 'POST', url },
      { ...one, type: 'response', status: 529, requestId, ms },
      { ...one, type: 'retry', attempt: 1, delay: 1, error: expect.any(Error) },
      { ...two, type: 'request', attempt: 2, method: 'POST', url },
      { ...two, type: 'response', status: 200, requestId, ms },
      { ...two, type: 'firstContent', ms },
      {
        type: 'end',
        streamId,
        outcome: 'complete',
        ms,
        attempts: 2,
        recoveries: 0,
        usage: expect.objectContaining({ output_tokens: expect.any(Number) }),
        error: undefined,
      },
    ]);
  });

  it('and connect is told once, when a response is there that is not tried again', async () => {
    await using server = await served(failing(529), GOOD);
    const statuses: number[] = [];
    const stream = clientOf(server, { maxRetries: 1 }).messages.stream(PARAMS);
    stream.on('connect', ({ status }) => statuses.push(status));
    await stream.untilDone();
    expect(statuses).toEqual([200]);
    expect((await stream.response).status).toBe(200);
  });
});

it('waits as long as the server asks', async () => {
  await using server = await served(failing(529, { 'retry-after-ms': '60' }), GOOD);
  const since = performance.now();
  await clientOf(server, { maxRetries: 1 }).messages.stream(PARAMS).untilDone();
  expect(performance.now() - since).toBeGreaterThanOrEqual(59);
});
