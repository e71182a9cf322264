import { describe, expect, it } from 'vitest';
import { AnthropicError, APIUserAbortError } from '../../src/errors.js';
import { MessageStream } from '../../src/stream/message-stream.js';
import { errorEvent, MESSAGE_STOP, messageDelta, sse, textMessage } from '../contract/wire.js';
import { rawServer, SEEN } from '../support/raw-server.js';
import { all, failure, idle, RICH, RICH_TEXT, take } from './support.js';

const hello = textMessage('Hello');

it('a relay that breaks is a truncated stream, not a short one', async () => {
  await using server = await rawServer({ body: [sse(...hello.slice(0, 4)), SEEN], end: 'reset' });
  const far = MessageStream.from(await fetch(server.url));
  await take(far[Symbol.asyncIterator](), 3);
  (await server.exchange()).seen();
  expect(await failure(far.getFinalMessage())).toMatchObject({ name: 'APIConnectionError' });
});

describe('MessageStream.from()', () => {
  it('reads a ReadableStream of bytes', async () => {
    const stream = MessageStream.from(
      new Response(sse(...RICH)).body as ReadableStream<Uint8Array>,
    );
    expect(await stream.getFinalText()).toBe(RICH_TEXT);
    expect((await stream.response).status).toBe(200);
    expect(stream.requestId).toBeUndefined();
  });

  it.each([1, 2, 3, 7, 61])('reads it in pieces of %i bytes', async (size) => {
    const bytes = new TextEncoder().encode(sse(...RICH));
    let at = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (at >= bytes.length) return controller.close();
        controller.enqueue(bytes.subarray(at, at + size));
        at += size;
      },
    });
    const stream = MessageStream.from(body);
    expect(await all(stream.textStream)).toEqual(['It is ', '21 °C', ' 🌤']);
    expect(await stream.getFinalMessage()).toMatchObject({ stop_reason: 'tool_use' });
  });

  it('knows status, headers and request id of a Response', async () => {
    await using server = await rawServer({ body: [sse(...RICH)] });
    const stream = MessageStream.from(await fetch(server.url));
    expect((await stream.response).headers.get('request-id')).toBe('req_test');
    expect(stream.requestId).toBe('req_test');
  });

  it('fails for a Response that is an error, as the client does', async () => {
    await using server = await rawServer({
      status: 500,
      body: [JSON.stringify(errorEvent('api_error'))],
    });
    const stream = MessageStream.from(await fetch(server.url));
    const error = await failure(stream.getFinalMessage());
    expect(error).toMatchObject({
      name: 'InternalServerError',
      status: 500,
      requestId: 'req_test',
    });
    expect(await failure(stream.connect())).toBe(error);
    expect(server.exchanges).toHaveLength(1);
  });

  it('reads nothing before it is asked for', async () => {
    let pulls = 0;
    const pull = (): void => void pulls++;
    const body = new ReadableStream<Uint8Array>({ pull }, { highWaterMark: 0 });
    const stream = MessageStream.from(body);
    await stream.connect();
    await idle();
    expect(pulls).toBe(0);
    stream.close();
  });

  it('cancels the body when its reader leaves', async () => {
    let cancelled = 0;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) =>
        controller.enqueue(new TextEncoder().encode(sse(...hello.slice(0, 4)))),
      cancel: () => void cancelled++,
    });
    const stream = MessageStream.from(body);
    for await (const event of stream) if (event.type === 'content_block_delta') break;
    expect(cancelled).toBe(1);
  });

  it.each(['close', 'signal'] as const)('is ended by %s', async (how) => {
    await using server = await rawServer({ body: [sse(...hello.slice(0, 4))], end: 'hang' });
    const abort = new AbortController();
    const stream = MessageStream.from(await fetch(server.url), { signal: abort.signal });
    await take(stream[Symbol.asyncIterator](), 3);
    if (how === 'close') stream.close();
    else abort.abort('enough');
    await (await server.exchange()).left;
    const error = (await failure(stream.getFinalMessage())) as APIUserAbortError;
    expect(error).toBeInstanceOf(APIUserAbortError);
    expect(error.cause).toBe(how === 'close' ? undefined : 'enough');
  });

  it('takes the place of an error of the body', async () => {
    const cause = new Error('the disk is full');
    const body = new ReadableStream<Uint8Array>({ pull: (controller) => controller.error(cause) });
    expect(await failure(MessageStream.from(body).getFinalMessage())).toMatchObject({
      name: 'APIConnectionError',
      cause,
    });
  });

  it('holds an event to maxEventBytes', async () => {
    const body = new Response(sse(...textMessage('x'.repeat(500)))).body;
    const stream = MessageStream.from(body as ReadableStream<Uint8Array>, { maxEventBytes: 400 });
    expect(await failure(stream.getFinalMessage())).toMatchObject({ name: 'StreamProtocolError' });
  });

  it('is complete without message_stop after a stop reason', async () => {
    const body = new Response(
      sse(...hello.slice(0, -1), messageDelta({ stop_reason: 'end_turn' })),
    );
    const events = await all(MessageStream.from(body));
    expect(events.at(-1)).toMatchObject({ ...MESSAGE_STOP, message: { stop_reason: 'end_turn' } });
  });
});

describe('what cannot be read is refused at once', () => {
  const used = async (): Promise<Response> => {
    const response = new Response('x');
    await response.text();
    return response;
  };
  const locked = (): Response => {
    const response = new Response('x');
    response.body?.getReader();
    return response;
  };
  it.each<[what: string, make: () => unknown, message: RegExp]>([
    ['a response that was read', used, /has a reader already/],
    ['a response that is being read', locked, /has a reader already/],
    ['a stream that is being read', () => locked().body, /has a reader already/],
    ['nothing', () => undefined, /takes a Response or a ReadableStream/],
    ['null', () => null, /takes a Response or a ReadableStream/],
    ['a text', () => 'data: {}', /takes a Response or a ReadableStream/],
    ['an object', () => ({}), /takes a Response or a ReadableStream/],
  ])('%s', async (_, make, message) => {
    const received = (await Promise.resolve({ value: make() })).value;
    const response = (received instanceof Promise ? await received : received) as Response;
    expect(() => MessageStream.from(response)).toThrow(AnthropicError);
    expect(() => MessageStream.from(response)).toThrow(message);
  });
});
