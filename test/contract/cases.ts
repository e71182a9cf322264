import type { Expectation, ExpectedError } from './outcome.js';
import { type Script, SEEN } from './script.js';
import {
  blockStart,
  blockStop,
  delta,
  ENDING,
  errorEvent,
  MESSAGE_STOP,
  messageDelta,
  messageStart,
  PING,
  sse,
  textBlock,
  textDelta,
  textMessage,
  thinkingBlock,
  toolBlock,
  type WireEvent,
} from './wire.js';

/**
 * What a server sends, and what a client makes of it: data only, so that the same table holds for
 * every client and runtime. No request is tried again.
 */
export interface ContractCase {
  name: string;
  script: Script;
  /** What `messages.stream()` gives. */
  expect: Expectation;
  /**
   * Where the raw events of `create({ stream: true })`, pings left out, give something else. They are
   * not accumulated: what only accumulation can find is not found there.
   */
  raw?: Expectation;
  options?: { maxEventBytes?: number };
  /** The reader takes its first event, and the next one when the server has sent all. */
  slow?: true;
  /** The server must see the connection closed. */
  closes?: true;
}

const START = 'message_start';
const BLOCK = 'content_block_start';
const DELTA = 'content_block_delta';
const STOP = 'content_block_stop';
const CHANGE = 'message_delta';
const END = 'message_stop';

const body = (...pieces: (string | Uint8Array | typeof SEEN)[]): Script => ({ body: pieces });
const json = (status: number, value: unknown): Script => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: [JSON.stringify(value)],
});
const html = (status: number): Script => ({
  status,
  headers: { 'content-type': 'text/html' },
  body: ['<html>\n\n<body>Bad\n gateway</body></html>'],
});
/** Without the `request-id` header, as from a gateway that drops it. */
const anonymous = (script: Script): Script => ({
  ...script,
  headers: { ...script.headers, 'request-id': undefined },
});

const HELLO = ['Hello', ', wörld 🌍'];
const TEXT = HELLO.join('');
const hello = textMessage(...HELLO);
const bytes = new TextEncoder();

/** A message that is complete. */
const whole: Expectation = {
  events: [START, BLOCK, DELTA, DELTA, STOP, CHANGE, END],
  text: TEXT,
  message: {
    id: 'msg_1',
    content: [{ type: 'text', text: TEXT }],
    stop_reason: 'end_turn',
    usage: { input_tokens: 10, output_tokens: 7 },
  },
};
const complete = (events: string[], message: object): Expectation => ({ events, message });

/** The start of `hello`, up to the middle of its text. */
const half: readonly WireEvent[] = hello.slice(0, 5);
const halfway = (error: ExpectedError): Expectation => ({
  events: [START, BLOCK, DELTA, DELTA],
  text: TEXT,
  message: { content: [{ type: 'text', text: TEXT }], stop_reason: null },
  error: { requestId: 'req_test', partialText: TEXT, ...error },
});
const nothing = (error: ExpectedError): Expectation => ({
  events: [],
  text: '',
  error: { requestId: 'req_test', partialText: null, ...error },
});
/** What raw events give of a body that only accumulation finds fault with. */
const passes = (...events: string[]): Expectation => ({ events });

const TRUNCATED: ExpectedError = { name: 'StreamTruncatedError', retryable: true };
const BROKEN: ExpectedError = { name: 'APIConnectionError', retryable: true };
const PROTOCOL: ExpectedError = { name: 'StreamProtocolError', retryable: false };
const OVERLOADED: ExpectedError = {
  name: 'OverloadedError',
  status: 529,
  type: 'overloaded_error',
  retryable: true,
};

/** WIRE, Errors; the statuses of `error` events are those that their types stand for. */
const ERRORS: [status: number, type: string, name: string, retryable: boolean][] = [
  [400, 'invalid_request_error', 'BadRequestError', false],
  [401, 'authentication_error', 'AuthenticationError', false],
  [402, 'billing_error', 'PaymentRequiredError', false],
  [403, 'permission_error', 'PermissionDeniedError', false],
  [404, 'not_found_error', 'NotFoundError', false],
  [408, 'timeout_error', 'RequestTimeoutError', true],
  [409, 'conflict_error', 'ConflictError', true],
  [413, 'request_too_large', 'RequestTooLargeError', false],
  [429, 'rate_limit_error', 'RateLimitError', true],
  [500, 'api_error', 'InternalServerError', true],
  [529, 'overloaded_error', 'OverloadedError', true],
];

const endings: ContractCase[] = [
  { name: 'a whole message', script: body(sse(...hello)), expect: whole },
  {
    name: 'the socket is left open after message_stop',
    script: { ...body(sse(...hello)), end: 'hang' },
    expect: whole,
    closes: true,
  },
  {
    name: 'a reset after message_stop',
    script: { ...body(sse(...hello), SEEN), end: 'reset' },
    expect: whole,
  },
  {
    name: 'something else after message_stop',
    script: body(`${sse(...hello)}data: [DONE]\n\n`, sse(messageStart({ id: 'msg_2' }))),
    expect: whole,
  },
  {
    name: 'a clean end after a stop reason, without message_stop',
    script: body(sse(...hello.slice(0, -1))),
    expect: whole,
  },
  {
    name: 'a clean end after a message_delta without a stop reason',
    script: body(sse(...hello.slice(0, -2), messageDelta({ stop_reason: null }))),
    expect: {
      events: [START, BLOCK, DELTA, DELTA, STOP, CHANGE],
      error: { ...TRUNCATED, requestId: 'req_test', partialText: TEXT },
    },
  },
  {
    name: 'a reset after a stop reason, without message_stop',
    script: { ...body(sse(...hello.slice(0, -1)), SEEN), end: 'reset' },
    expect: whole,
  },
  { name: 'end of file', script: body(sse(...half)), expect: halfway(TRUNCATED) },
  {
    name: 'end of file in the middle of an event',
    script: body(`${sse(...half)}event: content_block_delta\ndata: {"type":"content_bl`),
    expect: halfway(TRUNCATED),
  },
  {
    name: 'end of file in the middle of a character',
    script: body(sse(...half), bytes.encode('data: {"type":"é').slice(0, -1)),
    expect: halfway(TRUNCATED),
  },
  {
    name: 'a reset',
    script: { ...body(sse(...half), SEEN), end: 'reset' },
    expect: halfway(BROKEN),
  },
  {
    name: 'a reset right after the headers',
    script: { ...body(SEEN), end: 'reset' },
    expect: nothing(BROKEN),
  },
  {
    name: 'a reset without a response',
    script: { status: 'none', end: 'reset' },
    expect: nothing({ ...BROKEN, requestId: undefined }),
  },
  {
    name: 'an error event',
    script: body(sse(...half, errorEvent('overloaded_error'))),
    expect: halfway(OVERLOADED),
  },
  {
    name: 'an error event first of all',
    script: body(sse(errorEvent('overloaded_error'))),
    expect: nothing(OVERLOADED),
  },
  {
    name: 'an error event, and the socket is left open',
    script: { ...body(sse(...half, errorEvent('overloaded_error'))), end: 'hang' },
    expect: halfway(OVERLOADED),
    closes: true,
  },
];

const slowReaders: ContractCase[] = [
  {
    name: 'slow reader, whole message',
    script: body(sse(...hello), SEEN),
    expect: whole,
    slow: true,
  },
  {
    name: 'slow reader, error event',
    script: body(sse(...half, errorEvent('overloaded_error')), SEEN),
    expect: halfway(OVERLOADED),
    slow: true,
  },
  {
    name: 'slow reader, reset',
    script: { ...body(sse(...half), SEEN), end: 'reset' },
    expect: halfway(BROKEN),
    slow: true,
  },
  {
    name: 'slow reader, end of file',
    script: body(sse(...half), SEEN),
    expect: halfway(TRUNCATED),
    slow: true,
  },
  {
    name: 'slow reader, bad JSON',
    script: body(`${sse(...half)}data: {"type"\n\n`, SEEN),
    expect: halfway(PROTOCOL),
    slow: true,
  },
];

const otherBodies: ContractCase[] = [
  { name: 'an empty body', script: body(), expect: nothing(TRUNCATED) },
  { name: 'a body of comments', script: body(': hi\n\n: ho\n\n'), expect: nothing(TRUNCATED) },
  {
    name: 'status 200 with a JSON error',
    script: json(200, errorEvent('overloaded_error')),
    expect: nothing(OVERLOADED),
  },
  {
    name: 'status 200 with a JSON error that is called an event stream',
    script: body(JSON.stringify(errorEvent('overloaded_error'))),
    expect: nothing(OVERLOADED),
  },
  {
    name: 'status 200 with a whole JSON message',
    script: json(200, {
      ...(messageStart({ stop_reason: 'end_turn' }).message as object),
      content: [{ type: 'text', text: TEXT, citations: null }],
    }),
    expect: {
      events: [START, BLOCK, DELTA, STOP, CHANGE, END],
      text: TEXT,
      message: { id: 'msg_1', content: [{ type: 'text', text: TEXT }], stop_reason: 'end_turn' },
    },
  },
  {
    name: 'status 200 with half a JSON message',
    script: { ...json(200, 0), body: ['{"type":"message","content":[{"type":"te'] },
    expect: nothing(TRUNCATED),
  },
  {
    name: 'status 200 with other JSON',
    script: json(200, { hello: 'world' }),
    expect: nothing(PROTOCOL),
  },
  { name: 'status 200 with HTML', script: html(200), expect: nothing(PROTOCOL) },
  {
    name: 'status 502 with HTML',
    script: html(502),
    expect: nothing({ name: 'InternalServerError', status: 502, type: undefined, retryable: true }),
  },
];

const byteByByte = (text: string): Script =>
  body(...[...bytes.encode(text)].map((byte) => Uint8Array.of(byte)));
const manyLines = hello
  .map((event) => `${JSON.stringify(event, null, 2).replace(/^/gm, 'data: ')}\n\n`)
  .join('');

const framing: ContractCase[] = [
  { name: 'LF', script: body(sse(...hello)), expect: whole },
  { name: 'CRLF', script: body(sse(...hello).replaceAll('\n', '\r\n')), expect: whole },
  { name: 'CR', script: body(sse(...hello).replaceAll('\n', '\r')), expect: whole },
  {
    name: 'one byte at a time',
    script: byteByByte(sse(...hello)),
    expect: whole,
  },
  {
    name: 'one byte at a time, CRLF',
    script: byteByByte(sse(...hello).replaceAll('\n', '\r\n')),
    expect: whole,
  },
  {
    name: 'a BOM, comments, ids and retries',
    script: body(
      `\ufeff: hi\n\n${sse(...hello).replaceAll('\n\n', '\nid: 1\nretry: 9\n\n: alive\n\n')}`,
    ),
    expect: whole,
  },
  { name: 'data only', script: body(sse(...hello).replace(/^event.*\n/gm, '')), expect: whole },
  {
    name: 'a type on the event line only',
    script: body(sse(...hello).replace(/"type":"(message_|content_block_)\w+",?/g, '')),
    expect: whole,
  },
  {
    name: 'no space after data:',
    script: body(sse(...hello).replaceAll(': {', ':{')),
    expect: whole,
  },
  { name: 'several data lines in one event', script: body(manyLines), expect: whole },
  {
    name: 'several data lines in one event, one byte at a time, CRLF',
    script: byteByByte(manyLines.replaceAll('\n', '\r\n')),
    expect: whole,
  },
  { name: 'padded JSON', script: body(sse(...hello).replaceAll('}', '   }')), expect: whole },
  { name: 'no final blank line', script: body(sse(...hello).trimEnd()), expect: whole },
  {
    name: 'no blank line after the last whole event',
    script: body(sse(...half).trimEnd()),
    expect: halfway(TRUNCATED),
  },
];

const events: ContractCase[] = [
  {
    name: 'no usage at all',
    script: body(
      sse(
        messageStart({ usage: undefined }),
        ...textBlock(0, ...HELLO),
        { type: CHANGE, delta: { stop_reason: 'end_turn', stop_sequence: null } },
        MESSAGE_STOP,
      ),
    ),
    expect: { ...whole, message: { stop_reason: 'end_turn', usage: {} } },
  },
  {
    name: 'several message_delta events',
    script: body(
      sse(
        ...hello.slice(0, -2),
        messageDelta({ stop_reason: null }, { output_tokens: 5, input_tokens: 11 }),
        messageDelta({ stop_reason: 'max_tokens' }, { output_tokens: 9, input_tokens: null }),
        MESSAGE_STOP,
      ),
    ),
    expect: complete([START, BLOCK, DELTA, DELTA, STOP, CHANGE, CHANGE, END], {
      stop_reason: 'max_tokens',
      usage: { input_tokens: 11, output_tokens: 9 },
    }),
  },
  {
    name: 'interleaved indexes',
    script: body(
      sse(
        messageStart(),
        blockStart(0, { type: 'text', text: '' }),
        blockStart(1, { type: 'text', text: '' }),
        textDelta(1, 'c'),
        textDelta(0, 'a'),
        textDelta(1, 'd'),
        blockStop(1),
        textDelta(0, 'b'),
        blockStop(0),
        ...ENDING,
      ),
    ),
    expect: {
      events: [START, BLOCK, BLOCK, DELTA, DELTA, DELTA, STOP, DELTA, STOP, CHANGE, END],
      text: 'cadb',
      message: { content: [{ text: 'ab' }, { text: 'cd' }] },
    },
  },
  {
    name: 'indexes in another order',
    script: body(sse(messageStart(), ...textBlock(1, 'b'), ...textBlock(0, 'a'), ...ENDING)),
    expect: complete([START, BLOCK, DELTA, STOP, BLOCK, DELTA, STOP, CHANGE, END], {
      content: [{ text: 'a' }, { text: 'b' }],
    }),
  },
  {
    name: 'thinking, text and a tool call',
    script: body(
      sse(
        messageStart(),
        ...thinkingBlock(0, 'sig', 'hm', 'mm'),
        ...textBlock(1, 'Look'),
        ...toolBlock(2, '', '{"city":', ' "Zürich"}'),
        messageDelta({ stop_reason: 'tool_use' }),
        MESSAGE_STOP,
      ),
    ),
    expect: {
      text: 'Look',
      message: {
        content: [
          { type: 'thinking', thinking: 'hmmm', signature: 'sig' },
          { type: 'text', text: 'Look' },
          { type: 'tool_use', name: 'get_weather', input: { city: 'Zürich' } },
        ],
        stop_reason: 'tool_use',
      },
    },
  },
  {
    name: 'a tool call without arguments',
    script: body(sse(messageStart(), ...toolBlock(0, '', ''), ...ENDING)),
    expect: { message: { content: [{ type: 'tool_use', input: {} }] } },
  },
  {
    name: 'citations',
    script: body(
      sse(
        messageStart(),
        blockStart(0, { type: 'text', text: '', citations: null }),
        delta(0, { type: 'citations_delta', citation: { type: 'page_location', cited_text: 'x' } }),
        textDelta(0, 'cited'),
        delta(0, { type: 'citations_delta', citation: { type: 'brand_new', cited_text: 'y' } }),
        blockStop(0),
        ...ENDING,
      ),
    ),
    expect: {
      message: {
        content: [{ text: 'cited', citations: [{ cited_text: 'x' }, { cited_text: 'y' }] }],
      },
    },
  },
  {
    name: 'a message that comes whole in message_start',
    script: body(
      sse(
        messageStart({ content: [{ type: 'text', text: TEXT }], stop_reason: 'end_turn' }),
        MESSAGE_STOP,
      ),
    ),
    expect: complete([START, BLOCK, DELTA, STOP, END], {
      content: [{ type: 'text', text: TEXT }],
      stop_reason: 'end_turn',
    }),
    raw: passes(START, END),
  },
  {
    name: 'an unknown event',
    script: body(sse(...half, { type: 'brand_new', x: 1 }, ...hello.slice(5))),
    expect: {
      ...whole,
      events: [START, BLOCK, DELTA, DELTA, 'brand_new', STOP, CHANGE, END],
    },
  },
  {
    name: 'an unknown block, with an unknown delta',
    script: body(
      sse(
        messageStart(),
        blockStart(0, { type: 'hologram', size: 3 }),
        delta(0, { type: 'hologram_delta', light: 1 }),
        blockStop(0),
        ...ENDING,
      ),
    ),
    expect: complete([START, BLOCK, DELTA, STOP, CHANGE, END], {
      content: [{ type: 'hologram', size: 3 }],
    }),
  },
  {
    name: 'an unknown delta in a text block',
    script: body(sse(...half, delta(0, { type: 'hologram_delta' }), ...hello.slice(5))),
    expect: { ...whole, events: [START, BLOCK, DELTA, DELTA, DELTA, STOP, CHANGE, END] },
  },
  {
    name: 'an unknown stop reason and usage counter',
    script: body(
      sse(
        ...hello.slice(0, -2),
        messageDelta({ stop_reason: 'tired' }, { output_tokens: 2, brain_cells: 3 }),
        MESSAGE_STOP,
      ),
    ),
    expect: {
      ...whole,
      message: { stop_reason: 'tired', usage: { output_tokens: 2, brain_cells: 3 } },
    },
  },
  {
    name: 'a duplicate message_start',
    script: body(sse(messageStart(), messageStart(), ...hello.slice(1))),
    expect: whole,
    raw: { events: [START, ...(whole.events ?? [])], text: TEXT },
  },
  {
    name: 'a message_start of another message',
    script: body(sse(...half, messageStart({ id: 'msg_2' }), ...hello.slice(1))),
    expect: halfway(PROTOCOL),
    raw: passes(START, BLOCK, DELTA, DELTA, ...(whole.events ?? [])),
  },
  {
    name: 'a delta for a block that was never started',
    script: body(sse(...half, textDelta(3, '?'), ...hello.slice(5))),
    expect: halfway(PROTOCOL),
    raw: passes(START, BLOCK, DELTA, DELTA, DELTA, STOP, CHANGE, END),
  },
  {
    name: 'a stop for a block that was never started',
    script: body(sse(...half, blockStop(3), ...hello.slice(5))),
    expect: whole,
    raw: { events: [START, BLOCK, DELTA, DELTA, STOP, STOP, CHANGE, END], text: TEXT },
  },
  {
    name: 'a block whose text is an object',
    script: body(
      sse(...half, blockStart(1, { type: 'text', text: { value: '?' } }), ...hello.slice(5)),
    ),
    expect: {
      ...halfway(PROTOCOL),
      events: [START, BLOCK, DELTA, DELTA, BLOCK],
      message: {
        content: [
          { type: 'text', text: TEXT },
          { type: 'text', text: '' },
        ],
        stop_reason: null,
      },
    },
    raw: passes(START, BLOCK, DELTA, DELTA, BLOCK, STOP, CHANGE, END),
  },
  {
    name: 'a block before message_start',
    script: body(sse(...textBlock(0, 'a'), ...ENDING)),
    expect: {
      events: [START, BLOCK, DELTA, STOP],
      text: 'a',
      error: { requestId: 'req_test', ...PROTOCOL, partialText: 'a' },
    },
    raw: passes(BLOCK, DELTA, STOP, CHANGE, END),
  },
];

/** Keep-alives that are no comments. */
const KEEP_ALIVES: readonly string[] = [
  'data:',
  'data: null',
  'data: {}',
  'data: 42',
  'data: "text"',
  'data: [1]',
  'data: ping',
  'event: ping\ndata:',
  'event: ping\ndata: now',
  'event: keepalive\ndata: keepalive',
];

/** `hello`, bent as servers bend it, is `hello`. */
const dialects: ContractCase[] = [
  ...KEEP_ALIVES.map((frame) => ({
    name: `a keep-alive that is an event: ${JSON.stringify(frame)}`,
    script: body(hello.map((event) => `${frame}\n\n${sse(event)}`).join('')),
    expect: whole,
  })),
  ...['data: [DONE]', 'event: done\ndata: {}'].map((frame) => ({
    name: `${JSON.stringify(frame)} in the place of message_stop`,
    script: body(`${sse(...hello.slice(0, -1))}${frame}\n\n`),
    expect: whole,
  })),
  {
    name: '[DONE] before a stop reason',
    script: body(`${sse(...half)}data: [DONE]\n\n`),
    expect: halfway(TRUNCATED),
  },
  {
    name: 'a block that stops twice',
    script: body(sse(...hello.slice(0, 6), blockStop(0), ...hello.slice(6))),
    expect: whole,
    raw: { events: [START, BLOCK, DELTA, DELTA, STOP, STOP, CHANGE, END], text: TEXT },
  },
  {
    name: 'a block that never stops',
    script: body(sse(...hello.filter(({ type }) => type !== STOP))),
    expect: { ...whole, events: [START, BLOCK, DELTA, DELTA, CHANGE, STOP, END] },
    raw: { events: [START, BLOCK, DELTA, DELTA, CHANGE, END], text: TEXT },
  },
  {
    name: 'text in content_block_start',
    script: body(
      sse(
        messageStart(),
        blockStart(0, { type: 'text', text: HELLO[0] }),
        textDelta(0, HELLO[1] ?? ''),
        blockStop(0),
        ...ENDING,
      ),
    ),
    expect: whole,
    raw: { events: [START, BLOCK, DELTA, STOP, CHANGE, END], text: HELLO[1] ?? '' },
  },
  {
    name: 'an index that is text',
    script: body(
      sse(...hello.map((event) => ('index' in event ? { ...event, index: '0' } : event))),
    ),
    expect: whole,
  },
  {
    name: 'a block at an index that has stopped',
    script: body(sse(messageStart(), ...textBlock(0, 'a'), ...textBlock(0, 'b'), ...ENDING)),
    expect: {
      events: [START, BLOCK, DELTA, STOP, BLOCK, DELTA, STOP, CHANGE, END],
      text: 'ab',
      message: { content: [{ text: 'a' }, { text: 'b' }] },
    },
    raw: { events: [START, BLOCK, DELTA, STOP, BLOCK, DELTA, STOP, CHANGE, END], text: 'ab' },
  },
  {
    name: 'a message_start without content, and late',
    script: body(
      sse(
        ...hello.slice(1, 3),
        messageStart({ content: undefined, usage: undefined }),
        ...hello.slice(3),
      ),
    ),
    expect: { ...whole, message: { id: 'msg_1', content: [{ text: TEXT }] } },
    raw: { text: TEXT },
  },
  {
    name: 'a stop reason and usage that are taken back',
    script: body(
      sse(
        ...hello.slice(0, -1),
        messageDelta({ stop_reason: null }, { input_tokens: 0, output_tokens: 0 }),
        MESSAGE_STOP,
      ),
    ),
    expect: { ...whole, events: [START, BLOCK, DELTA, DELTA, STOP, CHANGE, CHANGE, END] },
  },
  {
    name: 'a delta of another kind than its block',
    script: body(
      sse(...half, delta(0, { type: 'thinking_delta', thinking: 'hm' }), ...hello.slice(5)),
    ),
    expect: halfway(PROTOCOL),
    raw: passes(START, BLOCK, DELTA, DELTA, DELTA, STOP, CHANGE, END),
  },
  {
    name: 'the whole message in one event',
    script: body(
      sse({
        ...(messageStart({ stop_reason: 'end_turn', usage: { input_tokens: 10, output_tokens: 7 } })
          .message as object),
        type: 'message',
        content: [{ type: 'text', text: TEXT }],
      }),
    ),
    expect: { ...whole, events: [START, BLOCK, DELTA, STOP, CHANGE, END] },
  },
  ...[
    'event: error\ndata: {"type":"overloaded_error","message":"busy"}',
    'data: {"error":{"message":"busy","type":"overloaded_error","code":"529"}}',
    'event: error\ndata: {"error":{"type":"overloaded_error"}}',
    'data: {"type":"overloaded_error","message":"busy"}',
  ].map((frame) => ({
    name: `an error in another shape: ${JSON.stringify(frame)}`,
    script: body(`${sse(...half)}${frame}\n\n`),
    expect: halfway(OVERLOADED),
  })),
];

const badEvents: ContractCase[] = [
  ...['{"type":"content_block_delta", oops}', '[{"type":"ping"}]', 'oops', '{"oops":1}'].map(
    (data) => ({
      name: `an event whose data is ${data}`,
      script: body(`${sse(...half)}data: ${data}\n\n${sse(...hello.slice(5))}`),
      expect: halfway(PROTOCOL),
    }),
  ),
  {
    name: 'an event over maxEventBytes',
    script: body(sse(...half, textDelta(0, 'x'.repeat(1000)), ...hello.slice(5))),
    expect: halfway(PROTOCOL),
    options: { maxEventBytes: 1000 },
  },
  {
    name: 'an event over maxEventBytes that never ends',
    script: { ...body(`${sse(...half)}data: ${'x'.repeat(1001)}`), end: 'hang' },
    expect: halfway(PROTOCOL),
    options: { maxEventBytes: 1000 },
    closes: true,
  },
  {
    name: 'an event whose characters are under maxEventBytes, but not its bytes',
    script: body(sse(...half, textDelta(0, 'é'.repeat(600)), ...hello.slice(5))),
    expect: halfway(PROTOCOL),
    options: { maxEventBytes: 1000 },
  },
  {
    name: 'a stream over maxEventBytes whose events are not',
    script: body(
      sse(messageStart(), ...textBlock(0, ...Array(20).fill('x'.repeat(500))), ...ENDING),
    ),
    expect: { text: 'x'.repeat(10_000) },
    options: { maxEventBytes: 1000 },
  },
];

const errors: ContractCase[] = [
  ...ERRORS.map(([status, type, name, retryable]) => ({
    name: `HTTP ${status}`,
    script: json(status, errorEvent(type)),
    expect: nothing({ name, status, type, retryable }),
  })),
  {
    name: 'HTTP 422',
    script: json(422, errorEvent('invalid_request_error')),
    expect: nothing({ name: 'UnprocessableEntityError', status: 422, retryable: false }),
  },
  {
    name: 'HTTP 418',
    script: json(418, errorEvent('teapot_error')),
    expect: nothing({
      name: 'APIStatusError',
      status: 418,
      type: 'teapot_error',
      retryable: false,
    }),
  },
  {
    name: 'a request id in the body only',
    script: anonymous(json(400, errorEvent('invalid_request_error'))),
    expect: nothing({ name: 'BadRequestError', requestId: 'req_body' }),
  },
  {
    name: 'HTTP 529 with x-should-retry: false',
    script: {
      ...json(529, errorEvent('overloaded_error')),
      headers: { 'x-should-retry': 'false' },
    },
    expect: nothing({ ...OVERLOADED, retryable: false }),
  },
  ...ERRORS.map(([status, type, name, retryable]) => ({
    name: `an error event of type ${type}`,
    script: body(sse(...half, errorEvent(type))),
    expect: halfway({ name, status, type, retryable }),
  })),
  {
    name: 'an error event of an unknown type',
    script: body(sse(...half, errorEvent('brand_new_error'))),
    expect: halfway({ name: 'APIStatusError', status: undefined, type: 'brand_new_error' }),
  },
  {
    name: 'an error event with the request id in the body only',
    script: anonymous(body(sse(...half, errorEvent('overloaded_error')))),
    expect: halfway({ ...OVERLOADED, requestId: 'req_body' }),
  },
  {
    name: 'an error event without an error',
    script: body(sse(...half, { type: 'error' })),
    expect: halfway(PROTOCOL),
  },
  {
    name: 'an error event after pings only',
    script: body(sse(messageStart(), PING, errorEvent('overloaded_error'))),
    expect: { events: [START], error: { ...OVERLOADED, partialText: '' } },
  },
];

export const CASES: readonly ContractCase[] = [
  ...endings,
  ...slowReaders,
  ...otherBodies,
  ...framing,
  ...events,
  ...dialects,
  ...badEvents,
  ...errors,
];
