import { describe, expect, it } from 'vitest';
import type { Anthropic } from '../../src/client.js';
import { AnthropicError } from '../../src/errors.js';
import { fault, type Reply, reply } from '../../src/testing/index.js';
import { countInputTokens } from '../../src/testing/model/tokens.js';
import type { Message } from '../../src/wire/message.js';
import { messageStart } from '../contract/wire.js';
import { all, clientOf, failure, idle, PARAMS } from '../stream/support.js';
import { served } from '../support/served.js';

const MESSAGE = {
  ...(messageStart().message as Message),
  content: [{ type: 'text', text: 'Hello' }],
  stop_reason: 'end_turn',
} as const;
const HELLO = reply.message(MESSAGE as unknown as Message);
const REQUEST_ID = expect.stringMatching(/^req_01/);

const OVERLOADED = JSON.stringify({
  type: 'error',
  error: { type: 'overloaded_error', message: 'Overloaded' },
});

describe('create()', () => {
  it('gives the message as it came', async () => {
    await using server = await served(HELLO);
    expect(await clientOf(server).messages.create(PARAMS)).toEqual(MESSAGE);
    const { method, path, body, headers } = await server.waitForRequest();
    expect([method, path, body]).toEqual(['POST', '/v1/messages', PARAMS]);
    expect(headers).toMatchObject({ accept: 'application/json', authorization: 'Bearer key' });
  });

  it('gives it with its response', async () => {
    await using server = await served(HELLO);
    const answer = await clientOf(server).messages.create(PARAMS).withResponse();
    expect(answer.data).toEqual(MESSAGE);
    expect([answer.requestId, answer.response.status]).toEqual([REQUEST_ID, 200]);
    expect(answer.response.headers.get('content-type')).toBe('application/json');
    expect(server.requests).toHaveLength(1);
  });

  it('sends its request at once, awaited or not', async () => {
    await using server = await served(HELLO);
    const answer = clientOf(server).messages.create(PARAMS);
    expect(await (await server.waitForRequest()).ended).toBe('complete');
    expect(await answer).toEqual(MESSAGE);
  });

  it('asked twice for its response sends one request', async () => {
    await using server = await served(HELLO);
    const answer = clientOf(server).messages.create(PARAMS);
    const [a, b, data] = await Promise.all([answer.withResponse(), answer.withResponse(), answer]);
    expect(a.data).toBe(data);
    expect(b.data).toBe(data);
    expect(server.requests).toHaveLength(1);
  });

  it('of more than ten minutes is streamed under the hood', async () => {
    await using server = await served(HELLO);
    const params = { ...PARAMS, max_tokens: 64_000 };
    const answer = await clientOf(server).messages.create(params).withResponse();
    expect(answer.data).toMatchObject({ content: MESSAGE.content, stop_reason: 'end_turn' });
    expect([answer.requestId, answer.response.status]).toEqual([REQUEST_ID, 200]);
    const { body, headers } = await server.waitForRequest();
    expect(body).toEqual({ ...params, stream: true });
    expect(headers.accept).toBe('text/event-stream');
  });

  it('of more than ten minutes says what it had when it fails', async () => {
    await using server = await served(reply.sequence(reply.text('Hello'), reply.error(529)));
    const call = clientOf(server).messages.create({ ...PARAMS, max_tokens: 64_000 });
    expect(await failure(call)).toMatchObject({
      name: 'OverloadedError',
      partialMessage: { content: MESSAGE.content },
    });
  });

  it.each<[string, Reply, object]>([
    ['HTTP 404', reply.error(404), { name: 'NotFoundError', status: 404 }],
    [
      'HTML',
      reply.raw(200, {}, ['<html>']),
      { name: 'StreamProtocolError', requestId: REQUEST_ID },
    ],
    ['half a message', reply.faulty(HELLO, fault.cut({ byte: 14 })), { requestId: REQUEST_ID }],
    [
      'an error with status 200',
      reply.raw(200, { 'content-type': 'application/json' }, [OVERLOADED]),
      { name: 'OverloadedError', status: 529, requestId: REQUEST_ID },
    ],
    [
      'a reset in the middle',
      reply.faulty(HELLO, fault.reset({ byte: 8 })),
      { name: 'APIConnectionError', retryable: true, requestId: REQUEST_ID },
    ],
  ])('fails for %s', async (_, given, error) => {
    await using server = await served(given);
    const failed = await failure(clientOf(server).messages.create(PARAMS));
    expect(failed).toBeInstanceOf(AnthropicError);
    expect(failed).toMatchObject(error);
  });
});

describe('countTokens()', () => {
  it('gives the count, with its response', async () => {
    await using server = await served();
    const { max_tokens: _, ...params } = PARAMS;
    const answer = clientOf(server).messages.countTokens(params);
    expect(await answer).toEqual({ input_tokens: countInputTokens(PARAMS) });
    expect((await answer.withResponse()).requestId).toEqual(REQUEST_ID);
    const { method, path, body } = await server.waitForRequest();
    expect([method, path]).toEqual(['POST', '/v1/messages/count_tokens']);
    expect(body).toEqual(params);
  });

  it('fails as the API does', async () => {
    await using server = await served();
    const call = clientOf(server).messages.countTokens({ ...PARAMS, messages: [] });
    expect(await failure(call)).toMatchObject({
      name: 'BadRequestError',
      requestId: REQUEST_ID,
    });
  });
});

const STOP = { type: 'message_stop' };
const RATE_LIMIT = { requests: { limit: 4000 }, retryAfter: undefined };
const { max_tokens: _, ...COUNTED } = PARAMS;

/** Every way to a result with its response. */
const withResponse: Readonly<
  Record<string, (client: Anthropic) => Promise<{ data: unknown; response: Response }>>
> = {
  'withResponse.create': ({ messages }) => messages.withResponse.create(PARAMS),
  'create().withResponse()': ({ messages }) => messages.create(PARAMS).withResponse(),
  'beta.messages.withResponse.create': ({ beta }) => beta.messages.withResponse.create(PARAMS),
  'a long create': ({ messages }) =>
    messages.withResponse.create({ ...PARAMS, max_tokens: 64_000 }),
  'a raw stream': ({ messages }) => messages.withResponse.create({ ...PARAMS, stream: true }),
};

describe('withResponse', () => {
  it.each(Object.entries(withResponse))('%s has status, id and rate limits', async (_, ask) => {
    await using server = await served(HELLO);
    const answer = await ask(clientOf(server));
    expect(answer).toMatchObject({ requestId: REQUEST_ID, rateLimit: RATE_LIMIT });
    expect([answer.response.status, server.requests.length]).toEqual([200, 1]);
    if (!(Symbol.asyncIterator in (answer.data as object)))
      expect(answer.data).toMatchObject({ content: MESSAGE.content });
    else expect((await all(answer.data as AsyncIterable<unknown>)).at(-1)).toEqual(STOP);
  });

  it('of countTokens too', async () => {
    await using server = await served();
    const { messages } = clientOf(server);
    const answers = [messages.withResponse.countTokens(COUNTED)];
    answers.push(messages.countTokens(COUNTED).withResponse());
    for (const answer of await Promise.all(answers)) {
      expect(answer).toMatchObject({ requestId: REQUEST_ID, rateLimit: RATE_LIMIT });
      expect(answer.data).toEqual({ input_tokens: countInputTokens(PARAMS) });
    }
  });

  it('rejects as the call does, and nothing else does', async () => {
    await using server = await served(reply.error(404));
    const { withResponse } = clientOf(server).messages;
    expect(await failure(withResponse.create(PARAMS))).toMatchObject({ name: 'NotFoundError' });
    const unknown = withResponse.create(PARAMS, { maxRetry: 1 } as object);
    expect(await failure(unknown)).toMatchObject({ name: 'AnthropicError' });
  });
});

const betas = ['context-management-2025-06-27', 'mcp-client-2025-11-20'];
const BETA = { ...PARAMS, betas, context_management: { edits: [] } };

type BetaParams = Omit<typeof BETA, 'context_management'>;

/** Every way to send something, with beta params. */
const beta: Readonly<Record<string, (client: Anthropic, params: BetaParams) => Promise<unknown>>> =
  {
    'stream()': ({ beta }, params) => beta.messages.stream(params).getFinalMessage(),
    'create({ stream })': async ({ beta }, params) =>
      all(await beta.messages.create({ ...params, stream: true })),
    'create()': ({ beta }, params) => beta.messages.create(params),
    'create() of a long answer': ({ beta }, params) =>
      beta.messages.create({ ...params, max_tokens: 64_000 }),
    'countTokens()': ({ beta }, { max_tokens: _, ...params }) => beta.messages.countTokens(params),
  };

describe.each(Object.entries(beta))('beta.messages.%s', (_, call) => {
  it('sends betas as a header, not in the body', async () => {
    await using server = await served(HELLO);
    await call(clientOf(server), BETA);
    const { body, headers, path } = await server.waitForRequest();
    expect(headers['anthropic-beta']).toBe(betas.join(','));
    expect(body).not.toHaveProperty('betas');
    expect(body).toMatchObject({ context_management: { edits: [] } });
    expect(path).toMatch(/^\/v1\/messages/);
  });

  it('sends no header for no betas', async () => {
    await using server = await served(HELLO);
    const { context_management: _, ...params } = BETA;
    await call(clientOf(server), { ...params, betas: [] });
    expect((await server.waitForRequest()).headers).not.toHaveProperty('anthropic-beta');
  });
});

it('the params that travel as headers are not in the body', async () => {
  await using server = await served(HELLO);
  const ids = { user_profile_id: 'up_1', workspace_id: 'ws_1' };
  await clientOf(server)
    .messages.stream({ ...PARAMS, ...ids })
    .untilDone();
  const { headers, body } = await server.waitForRequest();
  expect(headers).toMatchObject({
    'anthropic-user-profile-id': 'up_1',
    'anthropic-workspace-id': 'ws_1',
  });
  expect(body).toEqual({ ...PARAMS, stream: true });
});

describe('params that change after the call', () => {
  it('do not change the request of a stream', async () => {
    await using server = await served(HELLO);
    const params = { ...PARAMS, messages: [...PARAMS.messages] };
    const stream = clientOf(server).messages.stream(params);
    params.messages.push({ role: 'user', content: 'more' });
    params.model = 'another';
    await stream.untilDone();
    expect((await server.waitForRequest()).body).toEqual({ ...PARAMS, stream: true });
  });

  it('do not change its next try', async () => {
    const again = reply.error(529, 'Overloaded', { headers: { 'retry-after-ms': '1' } });
    await using server = await served(again, HELLO);
    const params = { ...PARAMS, messages: [...PARAMS.messages] };
    const stream = clientOf(server, { maxRetries: 1 }).messages.stream(params);
    stream.on('retry', () => params.messages.push({ role: 'user', content: 'more' }));
    await stream.untilDone();
    const bodies = server.requests.map(({ body }) => body);
    expect(bodies).toEqual([
      { ...PARAMS, stream: true },
      { ...PARAMS, stream: true },
    ]);
    expect(params.messages).toHaveLength(2);
  });

  it('are not changed by us', async () => {
    await using server = await served(HELLO);
    const params = structuredClone(BETA);
    await clientOf(server).beta.messages.stream(params).untilDone();
    expect(params).toEqual(BETA);
  });
});

describe('a request', () => {
  it('of a stream says what it wants', async () => {
    await using server = await served(HELLO);
    await clientOf(server).messages.stream(PARAMS).untilDone();
    expect((await server.waitForRequest()).headers).toMatchObject({
      accept: 'text/event-stream',
      authorization: 'Bearer key',
      'anthropic-version': '2026-10-21',
      'content-type': 'application/json',
      'user-agent': expect.stringMatching(/^millrace\/\d/),
    });
  });

  it('takes headers from the client and from the call; null takes one away', async () => {
    await using server = await served(HELLO);
    const client = clientOf(server, { defaultHeaders: { 'X-A': '1', 'X-B': '1', 'X-C': '1' } });
    const extraHeaders = { 'x-b': '2', 'x-c': null, 'Anthropic-Version': '2023-06-01' };
    await client.messages.stream(PARAMS, { extraHeaders }).untilDone();
    const sent = (await server.waitForRequest()).headers;
    expect(sent).toMatchObject({ 'x-a': '1', 'x-b': '2', 'anthropic-version': '2023-06-01' });
    expect(sent).not.toHaveProperty('x-c');
  });

  it('is asked for its key each time', async () => {
    await using server = await served(HELLO);
    let n = 0;
    const client = clientOf(server, { apiKey: async () => `key-${++n}` });
    for (let i = 0; i < 2; i++) await client.messages.stream(PARAMS).untilDone();
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer key-1',
      'Bearer key-2',
    ]);
  });

  it('without a key is not sent', async () => {
    await using server = await served(HELLO);
    const client = clientOf(server, { apiKey: () => '' });
    expect(await failure(client.messages.stream(PARAMS).getFinalMessage())).toMatchObject({
      name: 'AnthropicError',
      message: expect.stringContaining('ANTHROPIC_API_KEY'),
    });
    await idle();
    expect(server.requests).toHaveLength(0);
  });

  it.each<[string, (client: Anthropic) => unknown]>([
    ['stream', (client) => client.messages.stream(undefined as never)],
    ['create', (client) => client.messages.create(undefined as never)],
    ['countTokens', (client) => client.messages.countTokens(null as never)],
  ])('%s() without params says what to write', async (name, call) => {
    const error = await failure((async () => call(clientOf({ url: 'http://unused.invalid' })))());
    expect(error).toBeInstanceOf(AnthropicError);
    expect((error as Error).message).toContain(`messages.${name}({`);
  });

  it('whose params cannot be JSON fails with what is wrong', async () => {
    const messages: unknown[] = [];
    messages.push({ role: 'user', content: messages });
    const client = clientOf({ url: 'http://unused.invalid' });
    const call = async () => client.messages.stream({ ...PARAMS, messages: messages as never });
    expect(await failure(call())).toMatchObject({
      name: 'AnthropicError',
      message: expect.stringContaining("can't be serialized as JSON"),
    });
  });
});
