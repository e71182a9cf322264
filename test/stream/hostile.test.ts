import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Anthropic } from '../../src/client.js';
import { AnthropicError, StreamProtocolError } from '../../src/errors.js';
import { MessageStream } from '../../src/stream/message-stream.js';
import {
  blockStart,
  blockStop,
  delta,
  MESSAGE_STOP,
  messageDelta,
  messageStart,
  sse,
  textDelta,
  textMessage,
} from '../contract/wire.js';
import { PARAMS } from './support.js';

const TEXT = { type: 'text', text: '' };

const clientOf = (body: string, init: ResponseInit = {}): Anthropic =>
  new Anthropic({ apiKey: 'key', maxRetries: 0, fetch: async () => new Response(body, init) });

async function failureOf(run: () => Promise<unknown>): Promise<AnthropicError> {
  const error = await run().then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(error).toBeInstanceOf(AnthropicError);
  return error as AnthropicError;
}

const nested = (depth: number): string => `${'[{"a":'.repeat(depth / 2)}1${'}]'.repeat(depth / 2)}`;
const data = (json: string): string => `data: ${json}\n\n`;
const begun = sse(messageStart(), blockStart(0, TEXT), textDelta(0, 'so far'));

// biome-ignore format: a table
const PLACES: readonly [where: string, event: (value: string) => string][] = [
  ['a tool input', (value) => `{"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"t","name":"f","input":${value}}}`],
  ['a server tool result', (value) => `{"type":"content_block_start","index":1,"content_block":{"type":"web_search_tool_result","content":${value}}}`],
  ['a citation', (value) => `{"type":"content_block_delta","index":0,"delta":{"type":"citations_delta","citation":${value}}}`],
  ['usage', (value) => `{"type":"message_delta","delta":{},"usage":{"k":${value}}}`],
  ['an unknown event', (value) => `{"type":"brand_new","x":${value}}`],
  ['an unknown delta', (value) => `{"type":"content_block_delta","index":0,"delta":{"type":"brand_new","x":${value}}}`],
  ['an index', (value) => `{"type":"content_block_stop","index":${value}}`],
  ['an error', (value) => `{"type":"error","error":{"type":"overloaded_error","message":"busy","x":${value}}}`],
  ['a second message_start', (value) => `{"type":"message_start","message":{"id":${value},"content":[]}}`],
];

describe.each(PLACES)('nesting in %s', (_, event) => {
  it.each([600, 6_000, 1_000_000])(
    'of %i levels ends the stream, with what it had',
    async (depth) => {
      const stream = MessageStream.from(new Response(begun + data(event(nested(depth)))));
      const error = await failureOf(() => stream.getFinalMessage());
      expect(error).toBeInstanceOf(StreamProtocolError);
      expect(error.message).toContain('nested more than 520 levels deep');
      expect(error.partialMessage?.content).toMatchObject([{ type: 'text', text: 'so far' }]);
      expect(stream.currentMessageSnapshot).toEqual(error.partialMessage);
    },
  );

  it('of 500 levels can be shown, copied and passed on', async () => {
    const stream = MessageStream.from(new Response(begun + data(event(nested(500)))));
    const passed = MessageStream.from(stream.toResponse());
    await failureOf(() => passed.getFinalMessage());
    const error = await failureOf(() => stream.getFinalMessage());
    inspect([stream, error], { depth: null });
    expect(JSON.stringify(structuredClone(error.partialMessage))).toContain('so far');
  });
});

it.each([
  [
    'a message_start',
    data(`{"type":"message_start","message":{"id":"m","content":[],"x":${nested(600)}}}`),
  ],
  ['a JSON body', `{"type":"message","content":[{"type":"text","x":${nested(600)}}]}`],
])('nesting in %s is refused', async (_, body) => {
  const error = await failureOf(() => MessageStream.from(new Response(body)).getFinalMessage());
  expect(error).toBeInstanceOf(StreamProtocolError);
  expect(error.message).toMatch(
    /^(an event|the body is JSON) that is nested more than 520 levels deep/,
  );
});

it('nesting in the body of an error, or of create(), is refused', async () => {
  const body = `{"type":"error","error":{"type":"api_error","message":"a"},"x":${nested(50_000)}}`;
  const error = await failureOf(() => clientOf(body, { status: 500 }).messages.create(PARAMS));
  expect(error).toMatchObject({ name: 'InternalServerError', status: 500 });
  inspect(error, { depth: null });
  const answer = await failureOf(() => clientOf(nested(600)).messages.create(PARAMS));
  expect(answer).toBeInstanceOf(StreamProtocolError);
});

// biome-ignore format: a table
const ODD: readonly [what: string, body: string][] = [
  ['an id without a text', sse(messageStart()) + data('{"type":"message_start","message":{"id":{"toString":1,"valueOf":1},"content":[]}}')],
  ['an index without a text', sse(messageStart()) + data('{"type":"content_block_delta","index":{"toString":1,"valueOf":1}}')],
  ['a request id without a text', sse(messageStart()) + data('{"type":"error","error":{"type":"api_error","message":"a"},"request_id":{"toString":1}}')],
  ['a text that is none', sse(messageStart(), blockStart(0, { type: 'text', text: { toString: 1 } }), blockStop(0), messageDelta(), MESSAGE_STOP)],
  ['usage that is a text', sse(messageStart()) + data(`{"type":"message_delta","delta":{},"usage":${JSON.stringify('x'.repeat(1_000_000))}}`) + sse(messageDelta(), MESSAGE_STOP)],
  ['usage that is a list', sse(messageStart()) + data('{"type":"message_delta","delta":[1],"usage":[1,2]}') + sse(messageDelta(), MESSAGE_STOP)],
  ['fields named __proto__', sse(messageStart()) + data('{"type":"message_delta","delta":{"__proto__":{"a":1}},"usage":{"__proto__":{"a":1}},"__proto__":{"a":1}}') + sse(messageDelta(), MESSAGE_STOP)],
  ['a block with a field named __proto__', sse(messageStart()) + data('{"type":"content_block_start","index":0,"content_block":{"type":"text","text":"","__proto__":{"input":1}}}') + sse(textDelta(0, 'a'), blockStop(0), messageDelta(), MESSAGE_STOP)],
  ['a block with very many fields', sse(messageStart(), blockStart(0, Object.fromEntries([['type', 'text'], ...Array.from({ length: 2_000 }, (_, i) => [`k${i}`, i])])))],
  ['very many empty lists', sse(messageStart()) + data(`{"type":"x","a":[${'[],'.repeat(200_000)}0]}`)],
];

it.each(ODD)('%s ends in a message or one of our errors', async (_, body) => {
  const stream = MessageStream.from(new Response(body));
  const [message, text] = await Promise.allSettled([
    stream.getFinalMessage(),
    stream.getFinalText(),
  ]);
  expect(text.status).toBe(message.status);
  for (const outcome of [message, text]) {
    if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(AnthropicError);
  }
  const snapshot = stream.currentMessageSnapshot;
  for (const part of [snapshot, snapshot?.usage, ...(snapshot?.content ?? [])]) {
    if (part !== undefined) expect(Object.getPrototypeOf(part)).toBe(Object.prototype);
  }
});

describe('maxMessageBytes', () => {
  const limits = { maxMessageBytes: 2_000 };
  const texts = Array.from({ length: 40 }, () => textDelta(0, '語'.repeat(20)));
  // biome-ignore format: a table
  const over: readonly [what: string, body: string][] = [
    ['text', sse(messageStart(), blockStart(0, TEXT), ...texts)],
    ['tool input', sse(messageStart(), blockStart(0, { type: 'tool_use', id: 't', name: 'f', input: {} }), ...Array.from({ length: 40 }, () => delta(0, { type: 'input_json_delta', partial_json: '1' })))],
    ['unknown events', sse(messageStart(), ...Array.from({ length: 100 }, () => ({ type: 'brand_new' })))],
    ['repeated message_starts', sse(...Array.from({ length: 20 }, () => messageStart()))],
    ['blocks', sse(messageStart(), ...Array.from({ length: 40 }, (_, i) => blockStart(i, TEXT)))],
  ];

  it.each(over)(
    'ends a stream whose %s goes beyond it, with the part received',
    async (_, body) => {
      for (const open of [
        () => MessageStream.from(new Response(body), limits),
        () => clientOf(body).messages.stream(PARAMS, limits),
        () => clientOf(body).withOptions(limits).messages.stream(PARAMS),
      ]) {
        const error = await failureOf(() => open().getFinalMessage());
        expect(error).toBeInstanceOf(StreamProtocolError);
        expect(error.message).toContain(
          'the message is larger than 2000 bytes; raise maxMessageBytes to accept it',
        );
        expect(error.partialMessage?.id).toBeDefined();
      }
    },
  );

  it('counts bytes, not characters', async () => {
    const events = textMessage(...Array<string>(10).fill('語'.repeat(20))).filter(
      ({ type }) => type !== 'ping',
    );
    const body = sse(...events);
    const bytes = events.reduce((sum, event) => sum + Buffer.byteLength(JSON.stringify(event)), 0);
    const read = (maxMessageBytes: number): Promise<unknown> =>
      MessageStream.from(new Response(body), { maxMessageBytes }).getFinalText();
    await expect(read(bytes)).resolves.toBe('語'.repeat(200));
    await expect(read(bytes - 1)).rejects.toThrow(StreamProtocolError);
  });

  it('counts no pings and comments', async () => {
    const body = `${'event: ping\ndata: {"type": "ping"}\n\n: hi\n\n'.repeat(1_000)}${sse(...textMessage('a'))}`;
    await expect(MessageStream.from(new Response(body), limits).getFinalText()).resolves.toBe('a');
  });

  it('holds JSON bodies', async () => {
    const body = JSON.stringify({
      type: 'message',
      content: [{ type: 'text', text: 'x'.repeat(3_000) }],
    });
    const client = clientOf(body).withOptions(limits);
    for (const run of [
      () => client.messages.create(PARAMS),
      () => client.messages.countTokens(PARAMS),
      () => client.messages.stream(PARAMS).getFinalMessage(),
    ]) {
      const error = await failureOf(run);
      expect(error).toBeInstanceOf(StreamProtocolError);
      expect(error.message).toContain('maxMessageBytes');
    }
  });
});

it('a message whose fields grow with every look ends, and no look takes seconds', async () => {
  const deltas = Array.from({ length: 8_000 }, (_, i) =>
    data(`{"type":"message_delta","delta":{},"usage":{"k${i}":1}}`),
  );
  const stream = MessageStream.from(new Response(sse(messageStart()) + deltas.join('')));
  const error = await failureOf(async () => {
    for await (const _ of stream) void stream.currentMessageSnapshot;
  });
  expect(error.message).toMatch(
    /^a message with \d+ fields, too many to be shown after each event/,
  );
  expect(error.partialMessage?.id).toBeDefined();
});
