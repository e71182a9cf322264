import { toEvents } from '../../src/message/to-events.js';
import { smooth } from '../../src/text/smooth.js';
import { PARAMS } from '../stream/support.js';
import {
  aLittleBehind,
  apiError,
  between,
  blanks,
  blockStart,
  blockStop,
  blocks,
  calls,
  citation,
  current,
  type Dimension,
  delta,
  END,
  emulated,
  failing,
  final,
  from,
  hearing,
  inBlock,
  json,
  lagging,
  looking,
  lookingAtLive,
  lookingIn,
  lookingLate,
  many,
  message,
  PING,
  readLate,
  recovering,
  relayed,
  request,
  restart,
  running,
  START,
  signature,
  sse,
  stream,
  TEXT,
  THINKING,
  TOOL,
  text,
  usage,
} from './dimension.js';

/** All that can grow in a stream, and in what else reads foreign input. */
export const DIMENSIONS: readonly Dimension[] = [
  // Bytes and chunks.
  from('bytes in one text delta', 60_000, (n) => inBlock([text('x'.repeat(n))])),
  from('bytes of escapes in one text delta', 20_000, (n) => inBlock([text('\n"é'.repeat(n))])),
  from('1-byte chunks', 1_500, (n) => inBlock([text('x'.repeat(n))]), final, 1),
  from('1-byte chunks of small events', 30, (n) => inBlock(many(n, () => text('x'))), final, 1),
  from('lines of data in one event', 8_000, (n) => {
    const event = JSON.stringify(blockStart(0), null, 1).replace(
      '"text": ""',
      `"text": ""${'\n'.repeat(n)}`,
    );
    return `${sse([START])}${event.replace(/^/gm, 'data: ')}\n\n${sse([blockStop(0), ...END])}`;
  }),
  // What carries nothing.
  from('pings before the message', 2_000, (n) => PING.repeat(n) + inBlock([text('a')])),
  from(
    'pings in the message',
    2_000,
    (n) => sse([START]) + PING.repeat(n) + sse([blockStart(0), ...END]),
  ),
  from('comments before the first event', 8_000, (n) => `${': hi\n'.repeat(n)}\n${inBlock([])}`),
  from(
    'comments in the message',
    8_000,
    (n) => `${sse([START])}${': hi\n\n'.repeat(n)}${sse(END)}`,
  ),
  from('blank lines', 20_000, (n) => '\n'.repeat(n) + inBlock([]) + '\n'.repeat(n)),
  from('carriage returns', 20_000, (n) => '\r'.repeat(n) + inBlock([])),
  from('events without data', 6_000, (n) => 'event: x\n\n'.repeat(n) + inBlock([])),
  from('repeated message_starts', 500, (n) => sse(many(n, () => START)) + sse(END)),
  from('events after the message', 800, (n) => inBlock([]) + sse(many(n, () => text('x')))),
  // Blocks.
  from('blocks', 300, (n) => blocks(many(n, (i) => i))),
  from('blocks in descending order', 300, (n) => blocks(many(n, (i) => n - i))),
  from('blocks in mixed order', 300, (n) => blocks(many(n, (i) => (i * 7_919) % 1_000_003))),
  // A look copies the references to all blocks: small sizes, so that the rest of a look shows.
  from('blocks in descending order, looked at', 60, (n) => blocks(many(n, (i) => n - i)), looking),
  from('open blocks, looked at', 60, (n) => between(many(n, (i) => blockStart(i))), looking),
  from('blocks that never stop', 300, (n) => between(many(n, (i) => blockStart(i)))),
  from('blocks, read late', 300, (n) => blocks(many(n, (i) => i)), readLate),
  from('blocks for a reader that lags', 300, (n) => blocks(many(n, (i) => i)), lagging),
  from(
    'blocks with text for a reader that is a little behind',
    150,
    (n) =>
      between(many(n, (i) => [blockStart(i), text('a', i), text('b', i), blockStop(i)]).flat()),
    aLittleBehind,
  ),
  from('blocks, relayed', 200, (n) => blocks(many(n, (i) => i)), relayed),
  from('deltas for open blocks in turn', 300, (n) =>
    between([...many(10, (i) => blockStart(i)), ...many(n, (i) => text('x', i % 10))]),
  ),
  from('restarts', 200, (n) =>
    between(
      many(n, (i) => [blockStart(i), blockStop(i), blockStart(i + 1), restart(i + 1)]).flat(),
    ),
  ),
  // Deltas.
  from('text deltas', 1_000, (n) => inBlock(many(n, () => text('some text ')))),
  from('text deltas, looked at', 500, (n) => inBlock(many(n, () => text('some text '))), looking),
  from('text deltas, listened to', 500, (n) => inBlock(many(n, () => text('some text '))), hearing),
  from(
    'text deltas for a reader that lags',
    500,
    (n) => inBlock(many(n, () => text('some text '))),
    lagging,
  ),
  from(
    'text deltas with more and more fields, for a reader that lags',
    300,
    (n) => inBlock(many(n, (i) => delta(0, { type: 'text_delta', text: 'a', [`k${i}`]: 1 }))),
    lagging,
  ),
  from('deltas of two fields in turn', 500, (n) =>
    inBlock(
      many(n, (i) => (i % 2 ? signature(i) : delta(0, { type: 'thinking_delta', thinking: 'b' }))),
      THINKING,
    ),
  ),
  from('fragments of tool input', 800, (n) =>
    inBlock([json('['), ...many(n, () => json('1,')), json('1]')], TOOL),
  ),
  from(
    'fragments of tool input, looked at',
    400,
    (n) => inBlock([json('['), ...many(n, () => json('1,')), json('1]')], TOOL),
    looking,
  ),
  from(
    'a string in tool input, read in each snapshot',
    500,
    (n) => inBlock([json('{"a":"'), ...many(n, () => json('some text ')), json('"}')], TOOL),
    lookingIn,
  ),
  from(
    'rows in tool input, read in each snapshot',
    100,
    (n) => inBlock([json('['), ...many(n, (i) => json(`{"id":${i}},`)), json('0]')], TOOL),
    lookingIn,
  ),
  from(
    'properties of tool input, looked at',
    300,
    (n) => inBlock([json('{'), ...many(n, (i) => json(`"k${i}":1,`)), json('"k":1}')], TOOL),
    looking,
  ),
  from(
    'properties of tool input, read live',
    300,
    (n) => inBlock([json('{'), ...many(n, (i) => json(`"k${i}":1,`)), json('"k":1}')], TOOL),
    lookingAtLive,
  ),
  from(
    'items in one fragment of tool input, looked at afterwards',
    20_000,
    (n) =>
      inBlock(
        [...many(100, () => json('[')), json(`${'1,'.repeat(n)}1`), ...many(200, () => json(',1'))],
        TOOL,
      ),
    lookingLate,
  ),
  from(
    'fragments deep in tool input, looked at',
    300,
    (n) => inBlock([json(`${'[{"a":'.repeat(100)}"`), ...many(n, () => json('x'))], TOOL),
    looking,
  ),
  from('objects in tool input', 2_000, (n) => inBlock([json(`[${'{"a":1},'.repeat(n)}0]`)], TOOL)),
  from('depth of tool input', 3_000, (n) => inBlock([json('['.repeat(n) + ']'.repeat(n))], TOOL)),
  from('signatures', 600, (n) => inBlock(many(n, signature), THINKING)),
  from('citations', 400, (n) => inBlock(many(n, citation))),
  from('citations, read late', 400, (n) => inBlock(many(n, citation)), readLate),
  from(
    'citations between texts, listened to',
    200,
    (n) => inBlock(many(n, (i) => [citation(i), text('a')]).flat()),
    hearing,
  ),
  from(
    'unknown deltas',
    500,
    (n) => inBlock(many(n, (i) => delta(0, { type: 'new_delta', i }))),
    readLate,
  ),
  from('unknown events', 500, (n) => between(many(n, (i) => ({ type: 'new_event', i }))), readLate),
  from(
    'unknown events between blocks',
    200,
    (n) => between(many(n, (i) => [{ type: 'new_event', i }, blockStart(i), blockStop(i)]).flat()),
    readLate,
  ),
  // The message.
  from('usage counters in one event', 600, (n) =>
    between([usage(Object.fromEntries(many(n, (i) => [`k${i}`, i])))]),
  ),
  from('message_deltas', 500, (n) => between(many(n, (i) => usage({ output_tokens: i })))),
  from(
    'message_deltas, looked at',
    500,
    (n) => between(many(n, (i) => usage({ output_tokens: i }))),
    looking,
  ),
  from('message_deltas with new counters', 400, (n) =>
    between(many(n, (i) => usage({ [`k${i}`]: i }))),
  ),
  from('message_deltas with new fields', 400, (n) =>
    between(many(n, (i) => usage({}, { [`k${i}`]: i }))),
  ),
  from(
    'message_deltas with new counters, for a reader that lags',
    300,
    (n) => between(many(n, (i) => usage({ [`k${i}`]: i }))),
    lagging,
  ),
  from('fallbacks', 300, (n) =>
    between(
      many(n, (i) => [
        blockStart(i, { type: 'fallback', to: { model: `m${i}` } }),
        blockStop(i),
      ]).flat(),
    ),
  ),
  from('blocks in a message_start', 150, (n) =>
    sse([
      { ...START, message: { ...(START.message as object), content: many(n, () => TEXT) } },
      ...END,
    ]),
  ),
  // Other bodies.
  from('blocks in a JSON body', 150, (n) => message(many(n, () => TEXT))),
  from('bytes of a JSON body', 80_000, (n) => message([{ type: 'text', text: 'x'.repeat(n) }])),
  from('lines of a JSON body', 20_000, (n) => message([TEXT]).replace('{', `{${'\n'.repeat(n)}`)),
  from('bytes of a page', 200_000, (n) => `<p>${'x '.repeat(n)}`, failing),
  from(
    'blanks in an error event',
    40_000,
    (n) => `event: error\ndata: ${apiError(blanks(n))}\n\n`,
    failing,
  ),
  from(
    'line breaks in an error event',
    20_000,
    (n) => `data: ${apiError('\n '.repeat(n))}\n\n`,
    failing,
  ),
  from(
    'blanks in an event that is not JSON',
    60_000,
    (n) => `data: {${' '.repeat(n)}x\n\n`,
    failing,
  ),
  from(
    'spaces after a text delta',
    40_000,
    (n) =>
      `${sse([START, blockStart(0)])}data: ${JSON.stringify(text('a')).replace('}}', `}${' '.repeat(n)}!`)}\n\n`,
    failing,
  ),
  request(
    'bytes of a JSON response',
    150_000,
    (n) => [{ body: message([{ type: 'text', text: 'x'.repeat(n) }]), type: 'application/json' }],
    (client) => client.messages.create(PARAMS),
  ),
  request(
    'blanks in an error body',
    3_000,
    (n) => [{ body: apiError(blanks(n)), status: 400, type: 'application/json' }],
    stream,
  ),
  request(
    'blanks in an error page',
    3_000,
    (n) => [{ body: blanks(n), status: 400, type: 'text/html' }],
    stream,
  ),
  // The rest of a broken message.
  request(
    'pings before content',
    2_000,
    (n) => [{ body: sse([START]) + PING.repeat(n) + sse([blockStart(0), blockStop(0), ...END]) }],
    stream,
  ),
  request(
    'blanks in a text that broke',
    20_000,
    (n) => [{ body: sse([START, blockStart(0), text(blanks(n))]) }, { body: inBlock([text('z')]) }],
    recovering,
  ),
  request(
    'blanks at the end of a text that broke, which come again in pieces',
    500,
    (n) => [
      { body: sse([START, blockStart(0), text(`x${' '.repeat(n)}`)]) },
      { body: inBlock(many(n, () => text(' '))) },
    ],
    recovering,
  ),
  request(
    'thinking blocks at the end of what broke',
    200,
    (n) => [
      {
        body: sse([
          START,
          blockStart(0),
          blockStop(0),
          ...many(n, (i) => [
            blockStart(i + 1, { type: 'thinking', thinking: 'a', signature: 'b' }),
            blockStop(i + 1),
          ]).flat(),
        ]),
      },
      { body: inBlock([text('z')]) },
    ],
    recovering,
  ),
  request(
    'server tool calls without results at the end of what broke',
    200,
    (n) => [
      {
        body: sse([
          START,
          blockStart(0),
          blockStop(0),
          ...many(n, (i) => [
            blockStart(i + 1, { type: 'server_tool_use', id: `s${i}`, name: 'f', input: {} }),
            blockStop(i + 1),
          ]).flat(),
        ]),
      },
      { body: inBlock([text('z')]) },
    ],
    recovering,
  ),
  request(
    'usage counters of a rest',
    200,
    (n) => [
      { body: sse([START, blockStart(0), text('a')]) },
      {
        body: between([
          blockStart(0),
          text('b'),
          blockStop(0),
          ...many(n, (i) => usage({ [`k${i}`]: i })),
        ]),
      },
    ],
    recovering,
  ),
  // Readers and listeners.
  from(
    'readers that join and leave',
    300,
    () => inBlock(many(20, () => text('a'))),
    async (stream) => {
      const readers = many(current, () => stream[Symbol.asyncIterator]());
      await Promise.all(readers.map((reader) => reader.next()));
      for (const reader of readers) void reader.return?.();
      await stream.getFinalMessage().catch(() => {});
    },
  ),
  from(
    'a reader that joins and leaves at each event',
    150,
    (n) => inBlock(many(n, () => text('a'))),
    async (stream) => {
      for await (const _ of stream) {
        for await (const _ of stream.textStream) break;
      }
    },
  ),
  from(
    'concurrent next() calls',
    1_500,
    () => inBlock([text('a')]),
    async (stream) => {
      const reader = stream[Symbol.asyncIterator]();
      await Promise.all(many(current, () => reader.next()));
    },
  ),
  from(
    'listeners that come and go',
    400,
    () => inBlock([text('a')]),
    async (stream) => {
      const listeners = many(current, () => () => {});
      for (const listener of listeners) stream.on('text', listener);
      for (const listener of listeners.reverse()) stream.off('text', listener);
      await stream.getFinalMessage();
    },
  ),
  from(
    'text deltas, smoothed',
    500,
    (n) => inBlock(many(n, () => text('some text '))),
    async (stream) => {
      for await (const _ of smooth(stream.textStream, { maxDelay: 0 }));
    },
  ),
  from(
    'concurrent next() calls of a smoothed text',
    1_500,
    () => inBlock([text('a')]),
    async (stream) => {
      const reader = smooth(stream.textStream, { maxDelay: 0 })[Symbol.asyncIterator]();
      await Promise.all(many(current, () => reader.next()));
    },
  ),
  // A run of tools.
  request(
    'tool calls of a turn, one at a time',
    200,
    (n) => [{ body: calls(n) }, { body: inBlock([text('z')]) }],
    running({ maxParallel: 1 }),
  ),
  request(
    'tool calls of a turn, eager',
    200,
    (n) => [{ body: calls(n) }, { body: inBlock([text('z')]) }],
    running({ eager: true }),
  ),
  // What the emulator checks of a request.
  emulated('turns of a request', 300, (n) => ({
    messages: many(n, (i) => ({ role: i % 2 ? 'assistant' : 'user', content: 'a' })).concat(
      n % 2 ? [] : [{ role: 'user', content: 'a' }],
    ),
  })),
  emulated('tool calls and results of a request', 150, (n) => ({
    messages: [
      { role: 'user', content: 'a' },
      ...many(n, (i) => [
        { role: 'assistant', content: [{ ...TOOL, id: `toolu_${i}` }] },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: `toolu_${i}` }] },
      ]).flat(),
    ],
  })),
  emulated('tool calls and results of one turn', 300, (n) => ({
    messages: [
      { role: 'user', content: 'a' },
      { role: 'assistant', content: many(n, (i) => ({ ...TOOL, id: `toolu_${i}` })) },
      {
        role: 'user',
        content: many(n, (i) => ({ type: 'tool_result', tool_use_id: `toolu_${i}` })),
      },
    ],
  })),
  emulated('tools of a request', 300, (n) => ({
    messages: [{ role: 'user', content: 'a' }],
    tools: many(n, (i) => ({ name: `f${i}`, input_schema: { type: 'object' } })),
  })),
  emulated('blanks in the texts of a request', 40_000, (n) => ({
    messages: [
      { role: 'user', content: blanks(n) },
      { role: 'assistant', content: blanks(n) },
      { role: 'user', content: `${' '.repeat(n)}x` },
    ],
  })),
  {
    what: 'blocks of a message that becomes events',
    size: 3_000,
    prepare: (size) => {
      const whole = JSON.parse(message(many(size, () => ({ ...TEXT, text: 'a' }))));
      return async () => toEvents(whole).length;
    },
  },
];
