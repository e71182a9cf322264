import { describe, expect, it } from 'vitest';
import {
  APIStatusError,
  type Message,
  MessageStream,
  StreamProtocolError,
} from '../../src/index.js';
import { sse, type WireEvent } from '../contract/wire.js';
import * as ev from '../message/events.js';
import { all } from './support.js';

/* Small bends of a stream, one a row: every reader gets the same of each. */

type Sent = WireEvent | string;

const { textBlock, toolBlock } = ev;
const START = ev.messageStart();
const END = [ev.messageDelta({ stop_reason: 'end_turn' }), ev.messageStop];
const CALLS_END = [ev.messageDelta({ stop_reason: 'tool_use' }), ev.messageStop];
const a = ev.textDelta(0, 'a');
const b = ev.textDelta(0, 'b');
const stop = ev.blockStop(0);
const start = ev.blockStart(0, textBlock);
const start1 = ev.blockStart(1, textBlock);

/** Between two pieces of text. */
const between = (...sent: Sent[]): Sent[] => [START, start, a, ...sent, b, stop, ...END];
const withoutIndex = (events: readonly object[]): Sent[] =>
  events.map((event) => ({ ...event, index: undefined }) as unknown as WireEvent);
const call = (input: unknown, ...fragments: string[]): Sent[] => [
  START,
  ev.blockStart(0, { ...toolBlock, input }),
  ...fragments.map((json) => ev.jsonDelta(0, json)),
  stop,
  ...CALLS_END,
];
const twoCalls = (first: unknown, second: unknown): Sent[] => [
  START,
  ...[first, second].flatMap((id, index) => [
    ev.blockStart(index, { ...toolBlock, id }),
    ev.jsonDelta(index, `{"q":${index}}`),
    ev.blockStop(index),
  ]),
  ...CALLS_END,
];

/** The text, the thinking, or the inputs of the calls. */
type Said = string | { thinking: string } | { inputs: unknown[] };

const ROWS: Readonly<Record<string, [sent: Sent[], said: Said]>> = {
  'a keep-alive that is a list': [between('data: []\n\n'), 'ab'],
  'a keep-alive that is a word': [between('data: keep-alive\n\n'), 'ab'],
  'a keep-alive whose fields are null': [between('data: {"error":null,"type":null}\n\n'), 'ab'],
  'a keep-alive under a name of the API': [between('event: content_block_delta\ndata:\n\n'), 'ab'],
  'a name without data': [between('event: message_start\n\n'), 'ab'],
  'an end in lower case': [[...between().slice(0, -1), 'data: [done]\n\n'], 'ab'],
  'an end without brackets': [[...between().slice(0, -1), 'data: DONE\n\n'], 'ab'],
  'an end under the name of the last event': [
    [...between().slice(0, -1), 'event: message_stop\ndata: [DONE]\n\n'],
    'ab',
  ],
  'a last event without data': [
    [...between().slice(0, -1), 'event: message_stop\ndata:\n\n'],
    'ab',
  ],
  'text in the message': [
    [ev.messageStart({ content: [{ type: 'text', text: 'ab' }] }), ...END],
    'ab',
  ],
  'a text for the content of the message': [
    [ev.messageStart({ content: 'ab' as never }), ...END],
    'ab',
  ],
  'an empty text for the content, then blocks': [
    [ev.messageStart({ content: '' as never }), start, a, b, stop, ...END],
    'ab',
  ],
  'one event with the whole message, whose content is a text': [
    [
      `data: ${JSON.stringify({ ...(START.message as object), content: 'ab', stop_reason: 'end_turn' })}\n\n`,
    ],
    'ab',
  ],
  'a JSON body whose content is a text': [
    [JSON.stringify({ ...(START.message as object), content: 'ab', stop_reason: 'end_turn' })],
    'ab',
  ],
  'thinking in the message': [
    [ev.messageStart({ content: [{ type: 'thinking', thinking: 'hm', signature: 's' }] }), ...END],
    { thinking: 'hm' },
  ],
  'a call in the message, and another at its index': [
    [
      ev.messageStart({ content: [{ ...toolBlock, input: { q: 0 } }] }),
      ev.blockStart(0, { ...toolBlock, id: 'toolu_2' }),
      ev.jsonDelta(0, '{"q":1}'),
      stop,
      ...CALLS_END,
    ],
    { inputs: [{ q: 0 }, { q: 1 }] },
  ],
  'blocks before and in the message': [
    [start, a, stop, ev.messageStart({ content: [{ type: 'text', text: 'b' }] }), ...END],
    'ab',
  ],
  'a message that is null': [
    [{ type: 'message_start', message: null }, start, a, b, stop, ...END],
    'ab',
  ],
  'no index at all': [[START, ...withoutIndex([start, a, b, stop]), ...END], 'ab'],
  'an index that is missing in a delta': [
    [START, start, a, ...withoutIndex([b, stop]), ...END],
    'ab',
  ],
  'an index with zeros before it': [
    [START, start, a, { ...b, index: '00' } as unknown as WireEvent, ...END],
    'ab',
  ],
  'calls without ids at one index without stops': [
    [
      START,
      ...[0, 1].flatMap((q) => [
        ev.blockStart(0, { ...toolBlock, id: '' }),
        ev.jsonDelta(0, `{"q":${q}}`),
      ]),
      ...CALLS_END,
    ],
    { inputs: [{ q: 0 }, { q: 1 }] },
  ],
  'text after the stop reason': [
    [START, start, a, END[0] as WireEvent, b, stop, ev.messageStop],
    'ab',
  ],
  'a start without its text': [
    [START, ev.blockStart(0, { type: 'text' }), a, b, stop, ...END],
    'ab',
  ],
  'a start whose text is null': [
    [START, ev.blockStart(0, { type: 'text', text: null }), a, b, stop, ...END],
    'ab',
  ],
  'a delta with fields of all kinds': [
    [
      START,
      start,
      ev.delta(0, { type: 'text_delta', text: 'ab', thinking: null, partial_json: null }),
      ...END,
    ],
    'ab',
  ],
  'a call in its start, and nothing but the stop reason after it': [
    [
      START,
      ev.blockStart(0, { ...toolBlock, input: { q: 1 } }),
      ev.messageDelta({ stop_reason: 'end_turn' }),
    ],
    { inputs: [{ q: 1 }] },
  ],
  'a delta of another kind that says nothing': [
    between(ev.delta(0, { type: 'thinking_delta', thinking: '' })),
    'ab',
  ],
  'a list for no arguments': [call([]), { inputs: [{}] }],
  'a list for no arguments in a delta': [call({}, '[]'), { inputs: [{}] }],
  'blanks for no arguments in a delta': [call({}, ' '), { inputs: [{}] }],
  'arguments, then none': [call({ q: 1 }, '{}'), { inputs: [{ q: 1 }] }],
  'arguments twice': [call({ q: 1 }, '{"q"', ':1}'), { inputs: [{ q: 1 }] }],
  'arguments as a text': [call('{"q":1}'), { inputs: [{ q: 1 }] }],
  'arguments that begin in the start': [call('{"q"', ':1}'), { inputs: [{ q: 1 }] }],
  'arguments as JSON in JSON': [call({}, JSON.stringify('{"q":1}')), { inputs: [{ q: 1 }] }],
  'arguments as an object in a delta': [
    [
      START,
      ev.blockStart(0, toolBlock),
      ev.delta(0, { type: 'input_json_delta', partial_json: { q: 1 } }),
      stop,
      ...CALLS_END,
    ],
    { inputs: [{ q: 1 }] },
  ],
  'an id that a tool of the server has': [
    [
      START,
      ev.blockStart(0, { type: 'server_tool_use', id: 'toolu_1', name: 'web_search', input: {} }),
      stop,
      ev.blockStart(1, { ...toolBlock, id: 'toolu_1' }),
      ev.jsonDelta(1, '{"q":1}'),
      ev.blockStop(1),
      ...CALLS_END,
    ],
    { inputs: [{ q: 1 }] },
  ],
  'ids that are numbers': [twoCalls(1, 1), { inputs: [{ q: 0 }, { q: 1 }] }],
  'ids that are blank': [twoCalls(' ', ' '), { inputs: [{ q: 0 }, { q: 1 }] }],
  'ids that are null': [twoCalls(null, null), { inputs: [{ q: 0 }, { q: 1 }] }],
};

const bodyOf = (sent: readonly Sent[]): string =>
  sent.map((part) => (typeof part === 'string' ? part : sse(part))).join('');
const open = (sent: readonly Sent[]) => MessageStream.from(new Response(bodyOf(sent)));

function saidBy({ content }: Pick<Message, 'content'>): {
  text: string;
  thinking: string;
  inputs: unknown[];
} {
  const said = { text: '', thinking: '', inputs: [] as unknown[] };
  for (const block of content) {
    if (block.type === 'text') said.text += block.text;
    if (block.type === 'thinking') said.thinking += block.thinking;
    if (block.type === 'tool_use') said.inputs.push(block.input);
  }
  return said;
}

describe.each(Object.entries(ROWS))('%s', (_, [sent, said]) => {
  const text = typeof said === 'string' ? said : '';
  const expected = { text, thinking: '', inputs: [], ...(typeof said === 'string' ? {} : said) };

  it('is the same message for all that read it', async () => {
    const stream = open(sent);
    const heard = { text: '', thinking: '', blocks: [] as unknown[] };
    stream.on('text', (delta) => (heard.text += delta));
    stream.on('thinking', (delta) => (heard.thinking += delta));
    stream.on('contentBlock', (block) => heard.blocks.push(block));
    const pieces = await all(stream.textStream);
    const message = await stream.getFinalMessage();
    expect(saidBy(message)).toEqual(expected);
    expect(pieces.join('')).toBe(text);
    expect((await all(stream.textStream)).join('')).toBe(text);
    expect(heard).toEqual({ text, thinking: expected.thinking, blocks: message.content });
    expect(await MessageStream.from(stream.toResponse()).getFinalMessage()).toEqual(message);
    expect(new Set(message.content.map((block, n) => ('id' in block ? block.id : n))).size).toBe(
      message.content.length,
    );
  });

  it('is the same in its events, whose indexes are places in the content', async () => {
    const stream = open(sent);
    const events = await all(stream);
    const late = await all(stream);
    const { content } = await stream.getFinalMessage();
    for (const read of [events, late]) {
      let deltas = '';
      const started: number[] = [];
      for (const event of read) {
        if (event.type === 'content_block_start') started.push(event.index);
        if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') {
          deltas += event.delta.text;
        }
      }
      expect(deltas).toBe(text);
      expect(started).toEqual([...content.keys()]);
    }
  });
});

it('deltas without a string are handed out as they came, those that bring nothing are not', async () => {
  const cited = ev.delta(0, { type: 'citations_delta', citation: { type: 'page_location' } });
  const nothing = [{ type: 'text_delta' }, { type: 'text_delta', text: null }, null];
  const events = await all(
    open(between(cited, ...nothing.map((delta) => ev.delta(0, delta as never)))),
  );
  const deltas = events.filter(({ type }) => type === 'content_block_delta');
  expect(deltas).toEqual([a, cited, b]);
});

it.each<[what: string, start: object, sent: string[], signature: string]>([
  ['in the start, then an empty one', { signature: 's' }, [''], 's'],
  ['in the start, then another', { signature: 's' }, ['t'], 't'],
  ['after an empty one', {}, ['', 's'], 's'],
  ['that is empty', {}, [''], ''],
])('a signature %s', async (_, given, sent, signature) => {
  const stream = open([
    START,
    ev.blockStart(0, { type: 'thinking', thinking: 'hm', ...given }),
    ...sent.map((signature) => ev.delta(0, { type: 'signature_delta', signature })),
    stop,
    start1,
    ev.textDelta(1, 'a'),
    ...END,
  ]);
  const { content } = await stream.getFinalMessage();
  expect(content[0]).toEqual({ type: 'thinking', thinking: 'hm', signature });
});

it('text in a block of an unknown type is kept in its block, and is no text of the message', async () => {
  const other = { type: 'note', text: 'n' };
  const stream = open([
    START,
    start,
    a,
    stop,
    ev.blockStart(1, other),
    ev.textDelta(1, 'o'),
    ev.blockStart(2, textBlock),
    ev.textDelta(2, 'b'),
    ev.textDelta(1, '!'),
    ...END,
  ]);
  const heard: string[] = [];
  stream.on('text', (delta) => heard.push(delta));
  const early = stream.textStream;
  let late: Promise<string[]> | undefined;
  for await (const event of stream) {
    if (event.type === 'content_block_start' && event.index === 1) late = all(stream.textStream);
  }
  for (const pieces of [heard, await all(early), await late, await all(stream.textStream)]) {
    expect(pieces?.join('')).toBe('ab');
  }
  expect(await stream.getFinalText()).toBe('ab');
  expect((await stream.getFinalMessage()).content[1]).toEqual({ ...other, text: 'no!' });
});

it.each<[what: string, sent: Sent[], text: string]>([
  ['text again at an index that is open', [START, start, a, start, b, ...END], 'a'],
  ['a message that never starts', [start, a, b, stop, ...END], 'ab'],
  [
    'a call of the same id in the middle of itself',
    [
      START,
      start,
      a,
      stop,
      ev.blockStart(1, toolBlock),
      ev.jsonDelta(1, '{'),
      ev.blockStart(1, toolBlock),
    ],
    'a',
  ],
  ['a delta for no block', [START, start, a, stop, ev.textDelta(7, 'b')], 'a'],
  ['fields without a type', between('data: {"usage":{"output_tokens":3}}\n\n'), 'a'],
  // What stands in a place where no reader looks may be content: dropped, it would be lost silently.
  ['a delta that is a text', between({ ...a, delta: 'b' } as unknown as WireEvent), 'a'],
  ['a delta without a type, of no kind', between(ev.delta(0, { content: 'b' } as never)), 'a'],
  [
    'arguments in another field',
    between(ev.delta(0, { type: 'text_delta', input: { q: 1 } })),
    'a',
  ],
  ['a list in another field', between(ev.delta(0, { type: 'text_delta', parts: ['b'] })), 'a'],
])('%s is an error that has what was received', async (_, sent, text) => {
  const stream = open(sent);
  const error = await stream.getFinalMessage().catch((error: unknown) => error);
  expect(error).toBeInstanceOf(StreamProtocolError);
  expect(saidBy((error as StreamProtocolError).partialMessage as Message).text).toBe(text);
});

it.each<[frame: string, status: number | undefined, text: string]>([
  ['data: {"success":false,"message":"try later"}', undefined, 'try later'],
  ['data: {"code":503,"msg":"try later"}', 503, 'try later'],
  ['data: [{"error":{"code":503,"message":"try later"}}]', 503, 'try later'],
  ['event: message\ndata: {"error":{"code":429,"message":"slow down"}}', 429, 'slow down'],
  [
    'event: content_block_delta\ndata: {"error":{"type":"overloaded_error","message":"busy"}}',
    529,
    'busy',
  ],
])('%s is an error with its status and what was received', async (frame, status, text) => {
  const stream = open(between(`${frame}\n\n`));
  const error = await stream.getFinalMessage().catch((error: unknown) => error);
  expect(error).toBeInstanceOf(APIStatusError);
  const { message, partialMessage, ...known } = error as APIStatusError;
  expect(message).toContain(text);
  expect(known.status).toBe(status);
  expect(saidBy(partialMessage as Message).text).toBe('a');
});
