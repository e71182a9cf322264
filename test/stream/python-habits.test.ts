import { describe, expect, it } from 'vitest';
import { AnthropicError, APITimeoutError, APIUserAbortError } from '../../src/errors.js';
import { blockStart, ENDING, messageStart, sse, textMessage, toolBlock } from '../contract/wire.js';
import { rawServer } from '../support/raw-server.js';
import { all, clientOf, failure, PARAMS, RICH } from './support.js';

/* What the habits of a Python program become; test/sync/python-habits.test.ts is the same for the blocking client. */

const HELLO = textMessage('Hello', ' there');

describe('getFinalText() of a message without text', () => {
  it.each([
    ['a tool call alone', [messageStart(), ...toolBlock(0, '{}'), ...ENDING]],
    ['no content', [messageStart(), ...ENDING]],
    [
      'an empty text block',
      [
        messageStart(),
        blockStart(0, { type: 'text', text: '' }),
        { type: 'content_block_stop', index: 0 },
        ...ENDING,
      ],
    ],
  ])('%s: an empty string', async (_, events) => {
    await using server = await rawServer({ body: [sse(...events)] });
    expect(await clientOf(server).messages.stream(PARAMS).getFinalText()).toBe('');
  });
});

describe('next()', () => {
  it('every iterator begins anew; keep one to go on', async () => {
    await using server = await rawServer({ body: [sse(...textMessage('Hello'))] });
    const stream = clientOf(server).messages.stream(PARAMS);
    const first = await stream[Symbol.asyncIterator]().next();
    const again = await stream[Symbol.asyncIterator]().next();
    expect(again.value).toEqual(first.value);
    expect(first.value?.type).toBe('message_start');

    const events = stream[Symbol.asyncIterator]();
    await events.next();
    const types = [(await events.next()).value?.type];
    for await (const { type } of events) types.push(type);
    expect(types).toEqual([
      'content_block_start',
      'content_block_delta',
      'content_block_stop',
      'message_delta',
      'message_stop',
    ]);
    expect(await events.next()).toEqual({ done: true, value: undefined });
  });
});

describe('a raw Stream', () => {
  it('has pings, and a second loop over it is refused', async () => {
    await using server = await rawServer({ body: [sse(...RICH)] });
    const stream = await clientOf(server).messages.create({ ...PARAMS, stream: true });
    expect((await all(stream)).map(({ type }) => type)).toContain('ping');
    const second = await failure(all(stream));
    expect(second).toBeInstanceOf(AnthropicError);
    expect(second).toHaveProperty('message', expect.stringContaining('call tee()'));
  });
});

describe('wait_for', () => {
  it('is timeout.total: an APITimeoutError', async () => {
    await using server = await rawServer({ body: [sse(...HELLO.slice(0, 4))], end: 'hang' });
    const options = { timeout: { total: 500 } };
    const error = await failure(clientOf(server).messages.stream(PARAMS, options).getFinalText());
    expect(error).toBeInstanceOf(APITimeoutError);
    expect(error).toMatchObject({ phase: 'total', partialMessage: { role: 'assistant' } });
  });

  it('with a signal: an APIUserAbortError, with the TimeoutError as its cause', async () => {
    await using server = await rawServer({ body: [sse(...HELLO.slice(0, 4))], end: 'hang' });
    const options = { signal: AbortSignal.timeout(20) };
    const error = await failure(clientOf(server).messages.stream(PARAMS, options).getFinalText());
    expect(error).toBeInstanceOf(APIUserAbortError);
    expect(error).toHaveProperty('cause.name', 'TimeoutError');
  });
});

it('a message is the JSON of the API: no _request_id, and JSON.stringify is to_json()', async () => {
  await using server = await rawServer({ body: [sse(...HELLO)] });
  const stream = clientOf(server).messages.stream(PARAMS);
  const message = await stream.getFinalMessage();
  expect(Reflect.ownKeys(message)).not.toContain('_request_id');
  expect(JSON.parse(JSON.stringify(message))).toEqual(message);
  expect(stream.requestId).toBe('req_test');
});

it('an error prints its class, its message does not', async () => {
  await using server = await rawServer({ body: [sse({ type: 'error', error: OVERLOADED })] });
  const error = await failure(clientOf(server).messages.stream(PARAMS).getFinalText());
  const message = 'overloaded_error: Overloaded (request req_test)';
  expect(`${error}`).toBe(`OverloadedError: ${message}`);
  expect(String(error)).toBe(`OverloadedError: ${message}`);
  expect(error).toMatchObject({
    message,
    reason: 'overloaded_error: Overloaded',
    apiMessage: 'Overloaded',
    status: 529,
    httpStatus: 200,
  });
});

const OVERLOADED = { type: 'overloaded_error', message: 'Overloaded' };
