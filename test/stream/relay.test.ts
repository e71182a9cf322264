import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream as NodeReadableStream } from 'node:stream/web';
import { describe, expect, it } from 'vitest';
import { type APIError, APIUserAbortError } from '../../src/errors.js';
import { accumulate } from '../../src/message/accumulate.js';
import { MessageStream } from '../../src/stream/message-stream.js';
import type { RawMessageStreamEvent } from '../../src/wire/events.js';
import { errorEvent, sse, textMessage } from '../contract/wire.js';
import { rawServer, type Script, SEEN } from '../support/raw-server.js';
import {
  all,
  BROKEN,
  clientOf,
  failure,
  idle,
  PARAMS,
  RICH,
  RICH_TEXT,
  take,
  until,
} from './support.js';

/** A user's own web server, so no emulator: it answers each request with what `respond` gives. */
async function webServer(
  respond: () => Response,
): Promise<{ url: string; [Symbol.asyncDispose]: () => Promise<void> }> {
  const server = createServer(async (_, response) => {
    const { status, headers, body } = respond();
    response.writeHead(status, Object.fromEntries(headers));
    // Rejects when the client leaves; the body is cancelled then.
    await pipeline(Readable.fromWeb(body as NodeReadableStream), response).catch(() => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const json = (status: number, body: unknown): Script => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: [JSON.stringify(body)],
});

describe('toResponse(), served by a second server', () => {
  it('gives the same message on the far side, event by event', async () => {
    await using server = await rawServer({ body: [sse(...RICH)] });
    let near: MessageStream | undefined;
    await using web = await webServer(() => {
      near = clientOf(server).messages.stream(PARAMS);
      return near.toResponse();
    });
    const far = MessageStream.from(await fetch(web.url));
    const events = await all(far);
    const message = await near?.getFinalMessage();
    expect(await far.getFinalMessage()).toEqual(message);
    expect(events).toHaveLength(RICH.length - 1);
    expect(events).toEqual(await all(MessageStream.from(await fetch(server.url))));
    expect(await far.getFinalText()).toBe(RICH_TEXT);
  });

  it('sends on the bytes of the API, pings and unknown fields too', async () => {
    const events = RICH.map((event) => ({ ...event, brand_new_field: { x: 1 } }));
    await using server = await rawServer({ body: [sse(...events)] });
    const response = clientOf(server).messages.stream(PARAMS).toResponse();
    expect(await response.text()).toBe(sse(...events));
  });

  it('says what it is, and takes headers and a status', async () => {
    await using server = await rawServer({ body: [sse(...RICH)] });
    const stream = clientOf(server).messages.stream(PARAMS);
    const plain = stream.toResponse();
    expect(plain.status).toBe(200);
    expect(Object.fromEntries(plain.headers)).toMatchObject({
      'content-type': expect.stringContaining('text/event-stream'),
      'cache-control': expect.stringContaining('no-cache'),
    });
    const own = stream.toResponse({ status: 201, headers: { 'X-Mine': '1' } });
    expect([own.status, own.headers.get('x-mine')]).toEqual([201, '1']);
    expect(own.headers.get('content-type')).toContain('text/event-stream');
    expect(server.exchanges).toHaveLength(0);
  });

  it('may be made late, and more than once: each has the whole message', async () => {
    await using server = await rawServer({ body: [sse(...RICH)] });
    const stream = clientOf(server).messages.stream(PARAMS);
    const early = stream.toResponse();
    const message = await stream.getFinalMessage();
    const late = stream.toResponse();
    for (const response of [early, late]) {
      expect(await MessageStream.from(response).getFinalMessage()).toEqual(message);
    }
    expect(server.exchanges).toHaveLength(1);
  });

  it('hands on each event when it comes', async () => {
    await using server = await rawServer({
      body: [sse(...RICH.slice(0, 4)), SEEN, sse(...RICH.slice(4))],
    });
    await using web = await webServer(() => clientOf(server).messages.stream(PARAMS).toResponse());
    const far = MessageStream.from(await fetch(web.url));
    const reader = far[Symbol.asyncIterator]();
    expect(await take(reader, 4)).toHaveLength(4);
    (await server.exchange()).seen();
    expect(await far.getFinalText()).toBe(RICH_TEXT);
  });

  it('closes the request when the client on the far side leaves', async () => {
    await using server = await rawServer({ body: [sse(...RICH.slice(0, 5))], end: 'hang' });
    await using web = await webServer(() => clientOf(server).messages.stream(PARAMS).toResponse());
    const far = MessageStream.from(await fetch(web.url));
    for await (const event of far) if (event.type === 'content_block_delta') break;
    await expect((await server.exchange()).left).resolves.toBeUndefined();
  });

  it('does not close it as long as there is another reader', async () => {
    await using server = await rawServer({
      body: [sse(...RICH.slice(0, 5)), SEEN, sse(...RICH.slice(5))],
    });
    const stream = clientOf(server).messages.stream(PARAMS);
    await using web = await webServer(() => stream.toResponse());
    const final = stream.getFinalText();
    const far = MessageStream.from(await fetch(web.url));
    await take(far[Symbol.asyncIterator](), 2);
    far.close();
    await idle();
    (await server.exchange()).seen();
    expect(await final).toBe(RICH_TEXT);
  });
});

const hello = textMessage('Hello');

/** Every kind of failure of the first stream. */
const upstream: Readonly<Record<string, Script>> = {
  ...Object.fromEntries(
    Object.entries({
      400: 'invalid_request_error',
      401: 'authentication_error',
      402: 'billing_error',
      403: 'permission_error',
      404: 'not_found_error',
      408: 'timeout_error',
      409: 'conflict_error',
      413: 'request_too_large',
      418: 'teapot_error',
      422: 'invalid_request_error',
      429: 'rate_limit_error',
      500: 'api_error',
      529: 'overloaded_error',
    }).map(([status, type]) => [`HTTP ${status}`, json(Number(status), errorEvent(type))]),
  ),
  'HTTP 403 with HTML': { status: 403, body: ['<html>'] },
  'HTTP 422 with HTML': { status: 422, body: ['<html>'] },
  'HTTP 502 with HTML': { status: 502, body: ['<html>'] },
  'an error event': { body: [sse(...BROKEN)] },
  'an error event of an unknown type': {
    body: [sse(...hello.slice(0, 4), errorEvent('brand_new_error'))],
  },
  'end of file': { body: [sse(...hello.slice(0, 4))] },
  'a reset': { body: [sse(...hello.slice(0, 4)), SEEN], end: 'reset' },
  'no response': { status: 'none', end: 'reset' },
  'bad JSON': { body: [`${sse(...hello.slice(0, 4))}data: {\n\n`] },
};

describe.each(Object.entries(upstream))('an upstream that fails with %s', (_, script) => {
  it('fails with the same class on the far side, after the same events', async () => {
    await using server = await rawServer(script);
    const near = clientOf(server).messages.stream(PARAMS);
    await using web = await webServer(() => near.toResponse());
    const response = await fetch(web.url);
    const far = MessageStream.from(response);
    const seenAll = async (): Promise<void> => (await server.exchange()).seen();
    void near.connect().then(seenAll, () => {});
    const { seen, error } = await until(far);
    const cause = (await failure(near.getFinalMessage())) as APIError;
    const received = error as APIError;
    expect(received.constructor).toBe(cause.constructor);
    expect(received.requestId).toBe(cause.requestId);
    expect(received.partialMessage).toEqual(cause.partialMessage);
    expect(received.retryable).toBe(cause.retryable);
    expect(accumulate(seen as RawMessageStreamEvent[])).toEqual(cause.partialMessage);
  });
});

it('an upstream that is closed reaches the far side as APIUserAbortError', async () => {
  await using server = await rawServer({ body: [sse(...hello.slice(0, 4))], end: 'hang' });
  const near = clientOf(server).messages.stream(PARAMS);
  await using web = await webServer(() => near.toResponse());
  const far = MessageStream.from(await fetch(web.url));
  await take(far[Symbol.asyncIterator](), 3);
  near.close();
  expect(await failure(far.getFinalMessage())).toBeInstanceOf(APIUserAbortError);
});

it('a client without a key fails with the same class on the far side', async () => {
  const near = clientOf({ url: 'http://127.0.0.1:1' }, { apiKey: () => '' }).messages.stream(
    PARAMS,
  );
  const far = MessageStream.from(near.toResponse());
  const error = (await failure(far.getFinalMessage())) as APIError;
  const cause = (await failure(near.getFinalMessage())) as APIError;
  expect(error.name).toBe(cause.name);
  expect(error.retryable).toBe(false);
});
