import { describe, expect, it } from 'vitest';
import { millrace } from './built.js';
import { PARAMS, setting, thrownBy } from './support.js';

/* What the habits of a Python program become; test/stream/python-habits.test.ts is the same for the awaiting client. */

it('getFinalText() of a message without text is an empty string', () => {
  using made = setting('cutTool');
  expect(made.client.messages.stream(PARAMS).getFinalText()).toBe('');
});

it('every iterator begins anew; keep one to go on with next()', () => {
  using made = setting('hello');
  const stream = made.client.messages.stream(PARAMS);
  const first = stream[Symbol.iterator]().next();
  expect(stream[Symbol.iterator]().next()).toEqual(first);
  expect(first.value?.type).toBe('message_start');

  const events = stream[Symbol.iterator]();
  events.next();
  expect(events.next().value?.type).toBe('content_block_start');
  expect([...events].at(-1)?.type).toBe('message_stop');
  expect(events.next()).toEqual({ done: true, value: undefined });
});

it('a raw stream has pings, and a second loop over it is refused', () => {
  using made = setting('rich');
  const stream = made.client.messages.create({ ...PARAMS, stream: true });
  expect([...stream].map(({ type }) => type)).toContain('ping');
  const second = thrownBy(() => [...stream]);
  expect(second).toBeInstanceOf(millrace.AnthropicError);
  expect(second).toHaveProperty('message', expect.stringContaining('call tee()'));
});

it('wait_for is timeout.total: an APITimeoutError', () => {
  using made = setting('silent', { timeout: { total: 50 } });
  const error = thrownBy(() => made.client.messages.stream(PARAMS).getFinalMessage());
  expect(error).toBeInstanceOf(millrace.APITimeoutError);
  expect(error).toMatchObject({ phase: 'total', partialMessage: { role: 'assistant' } });
});

it('a message is the JSON of the API: no _request_id, and JSON.stringify is to_json()', () => {
  using made = setting('message');
  const message = made.client.messages.create(PARAMS);
  expect(Reflect.ownKeys(message)).not.toContain('_request_id');
  expect(JSON.parse(JSON.stringify(message))).toEqual(message);
});

describe('an error', () => {
  it('prints its class, its message does not', () => {
    using made = setting('flaky', { maxRetries: 0 });
    const error = thrownBy(() => made.client.messages.stream(PARAMS).getFinalText());
    expect(`${error}`).toBe(`OverloadedError: ${(error as Error).message}`);
    expect((error as Error).message).toMatch(/^HTTP 529 overloaded_error: no luck \(request /);
    expect(error).toMatchObject({ apiMessage: 'no luck', status: 529, httpStatus: 529 });
  });

  it('in the stream has the status of its type; the status of the response stays 200', () => {
    using made = setting('flaky', { maxRetries: 0 });
    const { messages } = made.client;
    thrownBy(() => messages.stream(PARAMS).untilDone());
    const error = thrownBy(() => messages.stream(PARAMS).untilDone());
    expect(error).toBeInstanceOf(millrace.OverloadedError);
    expect(error).toBeInstanceOf(millrace.InternalServerError);
    expect(error).toMatchObject({ status: 529, httpStatus: 200, type: 'overloaded_error' });
  });

  it('of a close of your own is no connection error', () => {
    using made = setting('hello');
    const stream = made.client.messages.stream(PARAMS);
    for (const event of stream) if (event.type === 'content_block_start') break;
    stream.close();
    const error = thrownBy(() => stream.getFinalMessage());
    expect(error).toBeInstanceOf(millrace.APIUserAbortError);
    expect(error).not.toBeInstanceOf(millrace.APIConnectionError);
    expect(error).toBeInstanceOf(millrace.APIError);
  });
});
