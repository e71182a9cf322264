import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { type AnthropicError, type MessageReader, read } from '../../src/read/index.js';
import { MessageStream } from '../../src/stream/message-stream.js';
import { toRelayedBody } from '../../src/stream/to-relayed-body.js';
import {
  blockStart,
  blockStop,
  errorEvent,
  MESSAGE_STOP,
  messageDelta,
  messageStart,
  PING,
  sse,
  textBlock,
  textDelta,
  textMessage,
  toolBlock,
  type WireEvent,
} from '../contract/wire.js';
import { eventSequence } from '../message/arbitrary.js';
import { BROKEN, failure, idle, RICH, until } from '../stream/support.js';
import { inPieces } from '../support/chunks.js';
import { rawServer, SEEN } from '../support/raw-server.js';
import { onTheWire, recordings } from '../support/recordings.js';
import { byTier } from '../support/tier.js';

const utf8 = new TextEncoder();

function bodyOf(text: string, sizes: readonly number[] = [Infinity]): ReadableStream<Uint8Array> {
  const bytes = utf8.encode(text);
  const pieces = inPieces(
    bytes,
    sizes.map((size) => Math.min(size, bytes.length)),
  );
  return new ReadableStream({
    pull(controller) {
      const piece = pieces.shift();
      if (piece === undefined) controller.close();
      else controller.enqueue(piece);
    },
  });
}

async function outcomeOf(stream: MessageReader | MessageStream) {
  const { seen, error } = await until(stream as AsyncIterable<object>);
  const message = stream.currentMessageSnapshot;
  return { seen, error: error as AnthropicError | undefined, message };
}

const NO_ARGUMENTS = /^\s*(?:|\{\}|null|"")\s*$/;

/**
 * A reading, but for what `read` does in another way: inputs and citations in a start stay there, inputs that
 * are not complete don't show, a `message_delta` is as sent, stops that are missing stay so, and of empty
 * signatures only those are dropped that would take one back.
 */
function comparable({ seen, error, message }: Awaited<ReturnType<typeof outcomeOf>>): unknown {
  const events = (seen as WireEvent[]).flatMap((event) => {
    const { content_block, delta } = event as {
      content_block?: object;
      delta?: { type: string; signature?: string };
    };
    if (/^(input_json|citations)_delta$/.test(delta?.type ?? '')) return [];
    if (delta?.signature === '' || event.type === 'content_block_stop') return [];
    if (event.type === 'message_delta') return { type: event.type };
    const isStart = event.type === 'content_block_start';
    const start = { ...content_block, input: null, citations: null };
    return isStart ? { ...event, content_block: start } : event;
  });
  const outcome = { events, name: error?.name, partial: error?.partialMessage, message };
  return JSON.parse(JSON.stringify(outcome), (_, field) => {
    // What servers write where there are no arguments.
    if (NO_ARGUMENTS.test(field?.input)) return { ...field, input: {} };
    if (field?.inputState === undefined) return field;
    // That of a start is no JSON of deltas.
    const json = field.inputState.json.replace('{"given":[1]}', '');
    return { ...field, input: undefined, inputState: { json } };
  });
}

/** The same text is read by both. */
async function compare(text: string, sizes: readonly number[]): Promise<void> {
  const ours = await outcomeOf(MessageStream.from(bodyOf(text)));
  expect(comparable(await outcomeOf(read(bodyOf(text, sizes))))).toEqual(comparable(ours));
}

describe('read() gives what MessageStream.from() gives', () => {
  const spans = recordings();

  it.skipIf(spans.length === 0).each(spans.map((span) => [span.name, span] as const))(
    'of the recording %s',
    async (_, { payloads }) => {
      for (const [end, size] of [
        ['\n', Infinity],
        ['\n', 7],
        ['\r\n', 61],
        ['\r', 13],
      ] as const) {
        await compare(onTheWire(payloads, end), [size]);
      }
    },
  );

  it('of any stream, cut anywhere, in any pieces', async () => {
    const cut = fc.double({ min: 0, max: 1.5, noNaN: true });
    const size = fc.integer({ min: 1, max: 40 });
    const sizes = fc.array(size, { minLength: 1, maxLength: 5 });
    const lineEnd = fc.constantFrom('\n', '\r\n', '\r');
    const property = fc.asyncProperty(
      eventSequence,
      cut,
      sizes,
      lineEnd,
      async (events, cut, sizes, lineEnd) => {
        const payloads = events.map((event) => JSON.stringify(event));
        const whole = onTheWire(payloads, lineEnd);
        await compare(whole.slice(0, Math.floor(cut * whole.length)), sizes);
      },
    );
    await fc.assert(property, {
      numRuns: byTier({ fast: 300, exhaustive: 3_000 }),
      endOnFailure: true,
    });
  });
});

describe('read()', () => {
  it('returns the finished message, and its events have what they end', async () => {
    const reader = read(bodyOf(sse(...RICH)));
    const events: unknown[] = [];
    let result = await reader.next();
    for (; !result.done; result = await reader.next()) events.push(result.value);
    expect(result.value).toBe(reader.currentMessageSnapshot);
    expect(events.at(-1)).toEqual({ type: 'message_stop', message: result.value });
    expect(events).toContainEqual(
      expect.objectContaining({
        type: 'content_block_stop',
        index: 2,
        content_block: expect.objectContaining({ input: { city: 'Zürich' } }),
      }),
    );
    expect(events).not.toContainEqual(PING);
  });

  it('never changes what it has handed out', async () => {
    const seen: [unknown, string][] = [];
    const reader = read(bodyOf(sse(...RICH)));
    for await (const event of reader) {
      const message = reader.currentMessageSnapshot;
      expect(message).toBe(reader.currentMessageSnapshot);
      for (const value of [event, message]) seen.push([value, JSON.stringify(value)]);
    }
    for (const [value, json] of seen) expect(JSON.stringify(value)).toBe(json);
  });

  it('reads what toResponse() wrote, its restarts too', async () => {
    const events = [
      ...textMessage('Hello').slice(0, 3),
      { type: 'millrace.restart', index: 0 },
      ...textBlock(0, 'Hi'),
      ...toolBlock(1, ''),
      messageDelta(),
      MESSAGE_STOP,
    ];
    const { error, message } = await outcomeOf(read(bodyOf(sse(...events))));
    expect(error).toBeUndefined();
    expect(message?.content).toMatchObject([{ text: 'Hi' }, { input: {} }]);
    const relayed = MessageStream.from(bodyOf(sse(...RICH))).toResponse();
    expect((await outcomeOf(read(relayed))).message).toEqual(
      await MessageStream.from(bodyOf(sse(...RICH))).getFinalMessage(),
    );
  });

  it('has no limit on how deep JSON is nested', async () => {
    const nested = JSON.parse(`${'['.repeat(600)}${']'.repeat(600)}`);
    const events = [{ ...messageStart(), nested }, messageDelta(), MESSAGE_STOP];
    const { seen, error } = await outcomeOf(read(bodyOf(sse(...events))));
    expect(error).toBeUndefined();
    expect(seen[0]).toHaveProperty('nested', nested);
  });

  it('cancels the response where the loop is left', async () => {
    let isCancelled = false;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(utf8.encode(sse(...RICH.slice(0, 4)))),
      cancel: () => {
        isCancelled = true;
      },
    });
    for await (const _ of read(body)) break;
    expect(isCancelled).toBe(true);
  });

  it('is complete at message_stop, whatever the connection does', async () => {
    await using server = await rawServer({ body: [sse(...RICH)], end: 'hang' });
    const { message, error } = await outcomeOf(read(await fetch(server.url)));
    expect(error).toBeUndefined();
    expect(message?.stop_reason).toBe('tool_use');
    await server.exchanges[0]?.left;
  });

  const finished = RICH.slice(0, -1);
  it.each([
    ['the body ends', { body: [sse(...finished)] }],
    ['the connection breaks', { body: [sse(...finished), SEEN], end: 'reset' as const }],
    ['[DONE] follows', { body: [`${sse(...finished)}data: [DONE]\n\n`], end: 'hang' as const }],
  ])('is complete where %s after the stop reason', async (_, script) => {
    await using server = await rawServer(script);
    const reader = read(await fetch(server.url));
    const outcome = outcomeOf(reader);
    if (script.body.includes(SEEN as never)) {
      await vi.waitFor(() => expect(reader.currentMessageSnapshot?.stop_reason).toBe('tool_use'));
      (await server.exchange()).seen();
    }
    const { seen, error } = await outcome;
    expect(error).toBeUndefined();
    expect(seen.at(-1)).toMatchObject({ type: 'message_stop' });
  });

  it('waits five seconds for the end after the stop reason', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    try {
      let feed: ReadableStreamDefaultController<Uint8Array> | undefined;
      const body = new ReadableStream<Uint8Array>({
        start: (controller) => {
          feed = controller;
          controller.enqueue(utf8.encode(sse(...finished)));
        },
      });
      let isOver = false;
      const outcome = outcomeOf(read(body)).finally(() => {
        isOver = true;
      });
      await idle();
      await vi.advanceTimersByTimeAsync(3_000);
      feed?.enqueue(utf8.encode(sse(PING)));
      await idle();
      await vi.advanceTimersByTimeAsync(1_999);
      expect(isOver).toBe(false);
      await vi.advanceTimersByTimeAsync(1);
      expect((await outcome).error).toBeUndefined();
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('what read() throws', () => {
  it('a stream that was cut is a StreamTruncatedError with what was received', async () => {
    const { error, message } = await outcomeOf(read(bodyOf(sse(...RICH.slice(0, 11)))));
    expect(error).toMatchObject({ name: 'StreamTruncatedError', partialMessage: message });
    expect(error?.partialMessage?.content).toHaveLength(2);
  });

  it('an error event is the error of its type', async () => {
    const headers = { 'request-id': 'req_1' };
    const { error } = await outcomeOf(read(new Response(sse(...BROKEN), { headers })));
    expect(error).toMatchObject({ name: 'OverloadedError', status: 529, requestId: 'req_1' });
    expect(error?.partialMessage?.content).toHaveLength(2);
  });

  it('an error that toResponse() passed on has its class again', async () => {
    const { error: first } = await outcomeOf(read(bodyOf(sse(...RICH.slice(0, 4)))));
    const relayed = toRelayedBody(first as AnthropicError, true) as unknown as WireEvent;
    const { error } = await outcomeOf(read(bodyOf(sse(messageStart(), relayed))));
    expect(error?.name).toBe('StreamTruncatedError');
  });

  it.each([
    [529, '{"type":"error","error":{"type":"overloaded_error","message":"no"}}', 'OverloadedError'],
    [502, '<html>Bad gateway</html>', 'InternalServerError'],
    [401, '', 'AuthenticationError'],
  ])('the status %i is its error', async (status, text, name) => {
    const { error } = await outcomeOf(read(new Response(text, { status })));
    expect(error).toMatchObject({ name, status });
  });

  it('a body of another kind is a StreamProtocolError', async () => {
    const headers = { 'content-type': 'text/html' };
    const { error } = await outcomeOf(read(new Response('<html></html>', { headers })));
    expect(error).toMatchObject({
      name: 'StreamProtocolError',
      message: 'the body is text/html, not an event stream',
    });
    expect((await outcomeOf(read(new Response(null)))).error?.name).toBe('StreamTruncatedError');
  });

  it.each<[what: string, events: WireEvent[]]>([
    ['an event before message_start', textBlock(0, 'x')],
    ['a message_start without a message', [{ type: 'message_start' }]],
    ['another message_start', [messageStart(), messageStart({ id: 'msg_other' })]],
    ['a block without a type', [messageStart(), blockStart(0, {})]],
    ['a block twice', [messageStart(), ...textBlock(0, 'x'), ...textBlock(0, 'x')]],
    ['a delta of no block', [messageStart(), textDelta(3, 'x')]],
    ['a delta of a finished block', [messageStart(), ...textBlock(0, 'x'), textDelta(0, 'y')]],
    [
      'text that is no text',
      [messageStart(), blockStart(0, { type: 'text' }), textDelta(0, 1 as never)],
    ],
  ])('%s is a StreamProtocolError', async (_, events) => {
    const { error } = await outcomeOf(read(bodyOf(sse(...events))));
    expect(error?.name).toBe('StreamProtocolError');
  });

  it('data that is no JSON is a StreamProtocolError', async () => {
    const { error } = await outcomeOf(read(bodyOf(`${sse(messageStart())}data: {"type":\n\n`)));
    expect(error?.name).toBe('StreamProtocolError');
  });

  it('a connection that breaks is an APIConnectionError, after the events before it', async () => {
    await using server = await rawServer({ body: [sse(...RICH.slice(0, 4)), SEEN], end: 'reset' });
    const reader = read(await fetch(server.url));
    await reader.next();
    (await server.exchange()).seen();
    const { error } = await outcomeOf(reader);
    expect(error).toMatchObject({ name: 'APIConnectionError', requestId: 'req_test' });
    expect(error?.partialMessage).toBeDefined();
    expect(error?.cause).toBeInstanceOf(Error);
  });

  it('silence is an APITimeoutError, and the connection is closed', async () => {
    await using server = await rawServer({ body: [sse(...RICH.slice(0, 4))], end: 'hang' });
    const { error } = await outcomeOf(read(await fetch(server.url), { timeout: 30 }));
    expect(error).toMatchObject({ name: 'APITimeoutError', phase: 'idle' });
    expect(error?.message).toMatch(/^no bytes within 0.03 s/);
    await server.exchanges[0]?.left;
  });

  it('a signal that fires ends a wait, and a loop that has not begun', async () => {
    await using server = await rawServer({ body: [sse(...RICH.slice(0, 4))], end: 'hang' });
    const abort = new AbortController();
    const outcome = outcomeOf(read(await fetch(server.url), { signal: abort.signal }));
    await server.exchange();
    abort.abort('enough');
    expect((await outcome).error).toMatchObject({ name: 'APIUserAbortError', cause: 'enough' });
    await server.exchanges[0]?.left;
    const { signal } = abort;
    expect((await outcomeOf(read(bodyOf(sse(...RICH)), { signal }))).error?.name).toBe(
      'APIUserAbortError',
    );
  });

  it.each([0, -1, Number.NaN])('the timeout %d', async (timeout) => {
    expect(() => read(bodyOf(''), { timeout })).toThrow('timeout must be above 0');
  });

  it('a body that has a reader', async () => {
    const body = bodyOf('');
    body.getReader();
    expect(() => read(body)).toThrow();
    expect(await failure(Promise.resolve().then(() => read(body)))).toBeInstanceOf(Error);
  });

  it('an input that is cut says so, and a call without input has none', async () => {
    const cut = [...toolBlock(0, '{"a": [1'), blockStart(1, { type: 'tool_use', input: { a: 1 } })];
    const events = [messageStart(), ...cut, blockStop(1), messageDelta(), MESSAGE_STOP];
    const { message } = await outcomeOf(read(bodyOf(sse(...events))));
    expect(message?.content).toMatchObject([
      { input: {}, inputState: { status: 'invalid', json: '{"a": [1' } },
      { input: { a: 1 } },
    ]);
    expect(message?.content[1]).not.toHaveProperty('inputState');
    expect(errorEvent('x').type).toBe('error');
  });
});
