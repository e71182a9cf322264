import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { Anthropic } from '../../src/client.js';
import type { RequestOptions } from '../../src/transport/options.js';
import { errorEvent, sse, textMessage } from '../contract/wire.js';
import { deferred } from '../support/deferred.js';
import { rawServer, type Script } from '../support/raw-server.js';
import { all, BROKEN, clientOf, failure, idle, PARAMS } from './support.js';

const hello = textMessage('Hello', ' world');
const half = sse(...hello.slice(0, 4));
const reason = new Error('enough');

/** What can be asked of a client with a signal. */
const calls: Readonly<
  Record<string, (client: Anthropic, options: RequestOptions) => Promise<unknown>>
> = {
  'stream()': (client, options) => all(client.messages.stream(PARAMS, options)),
  'stream().connect()': (client, options) => client.messages.stream(PARAMS, options).connect(),
  'stream().getFinalMessage()': (client, options) =>
    client.messages.stream(PARAMS, options).getFinalMessage(),
  'create({ stream })': async (client, options) =>
    all(await client.messages.create({ ...PARAMS, stream: true }, options)),
  'create()': (client, options) => client.messages.create(PARAMS, options),
  'create() of a long answer': (client, options) =>
    client.messages.create({ ...PARAMS, max_tokens: 64_000 }, options),
  'countTokens()': (client, options) => client.messages.countTokens(PARAMS, options),
};

const abortError = { name: 'APIUserAbortError', cause: reason };

describe.each(Object.entries(calls))('a signal for %s', (_, call) => {
  it('that has fired before sends nothing', async () => {
    await using server = await rawServer({ body: [half], end: 'hang' });
    const signal = AbortSignal.abort(reason);
    expect(await failure(call(clientOf(server), { signal }))).toMatchObject(abortError);
    await idle();
    expect(server.exchanges).toHaveLength(0);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('ends it while the headers are awaited', async () => {
    await using server = await rawServer({ status: 'none', end: 'hang' });
    const abort = new AbortController();
    const failed = failure(call(clientOf(server), { signal: abort.signal }));
    const { left } = await server.exchange();
    abort.abort(reason);
    expect(await failed).toMatchObject({ ...abortError, requestId: undefined });
    await left;
    expect(getEventListeners(abort.signal, 'abort')).toEqual([]);
  });

  it('ends it while it waits for its next try', async () => {
    const headers = { 'retry-after-ms': '50000' };
    const body = JSON.stringify(errorEvent('overloaded_error'));
    await using server = await rawServer({ status: 529, headers, body: [body] });
    const abort = new AbortController();
    const retrying = deferred();
    const client = clientOf(server, {
      maxRetries: 2,
      observe: ({ type }) => (type === 'retry' ? retrying.resolve() : undefined),
    });
    const failed = failure(call(client, { signal: abort.signal }));
    await retrying.promise;
    abort.abort(reason);
    expect(await failed).toMatchObject(abortError);
    expect(server.exchanges).toHaveLength(1);
    expect(getEventListeners(abort.signal, 'abort')).toEqual([]);
  });

  it.each<[string, Script]>([
    ['a whole message', { body: [sse(...hello)] }],
    ['JSON', { body: ['{"type":"message","id":"msg_1","content":[],"stop_reason":"end_turn"}'] }],
    ['HTTP 400', { status: 400, body: [JSON.stringify(errorEvent('invalid_request_error'))] }],
    ['an error event', { body: [sse(...BROKEN)] }],
    ['end of file', { body: [half] }],
    ['a reset', { status: 'none', end: 'reset' }],
  ])('keeps no listener after %s', async (_, script) => {
    await using server = await rawServer(script);
    const { signal } = new AbortController();
    await call(clientOf(server), { signal }).then(
      (value) => all((value as AsyncIterable<unknown>) ?? []).catch(() => {}),
      () => {},
    );
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});

it('many streams on one signal leave no listener on it', async () => {
  await using server = await rawServer({ body: [sse(...hello)] });
  const { signal } = new AbortController();
  const client = clientOf(server);
  await Promise.all(
    Array.from({ length: 10 }, () => client.messages.stream(PARAMS, { signal }).getFinalMessage()),
  );
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});
