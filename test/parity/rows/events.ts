import { reply } from '../../../src/testing/index.js';
import type { Row, Section } from '../row.js';

const THINKING = () => reply.sequence(reply.thinking('Let me think.'), reply.text('Hello, world.'));
const TOOL = () =>
  reply.sequence(reply.text('I look.'), reply.toolUse('get_weather', { city: 'Oslo' }));

/** What one kind of event has. */
function event(type: string, promises: readonly string[], shows: string, prints: string): Row {
  return {
    python: `event.type == "${type}"`,
    promises,
    awaiting: `for await (const event of client.messages.stream(params)) {
  if (event.type === '${type}') console.log(${shows});
}`,
    prints,
  };
}

export const EVENTS: Section = {
  title: 'Events',
  rows: [
    {
      python: 'for event in stream',
      promises: [
        'guide: Event-based streaming',
        'API reference: Stream all events',
        'tasks: Process all events',
        'API reference: MessageStream.__iter__ yields six kinds of events',
        'API reference: MessageStreamEvent',
      ],
      awaiting: `const types = new Set<string>();
for await (const event of client.messages.stream(params)) types.add(event.type);
console.log([...types].join(' '));`,
      prints:
        'message_start content_block_start content_block_delta content_block_stop message_delta message_stop\n',
      differs: 'the union has UnknownEvent too, for kinds that the API adds',
    },
    {
      python: 'async for event in stream',
      promises: [
        'API reference: AsyncMessageStream.__aiter__',
        'API reference: Async event processing',
      ],
      awaiting:
        "for await (const event of client.messages.stream(params)) {\n  if (event.type === 'message_stop') console.log(event.type);\n}",
      blocking: { none: 'it is the client that waits' },
      prints: 'message_stop\n',
    },
    event(
      'message_start',
      ['quick reference: message_start, once at the beginning', 'API reference: MessageStartEvent'],
      'event.message.role, event.message.content',
      'assistant []\n',
    ),
    event(
      'content_block_start',
      ['quick reference: content_block_start', 'API reference: ContentBlockStartEvent'],
      'event.index, event.content_block',
      "0 { type: 'text', text: '' }\n",
    ),
    {
      python: 'event.type == "content_block_delta"\nevent.delta.type == "text_delta"',
      promises: [
        'quick reference: content_block_delta, per chunk',
        'API reference: ContentBlockDeltaEvent',
        'API reference: ContentBlockDelta',
        'API reference: TextDelta',
      ],
      awaiting: `for await (const event of client.messages.stream(params)) {
  if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') {
    write(event.delta.text);
  }
}`,
      prints: 'Hello, world.',
    },
    {
      python: 'event.delta.type == "input_json_delta"',
      promises: ['guide: Stream with tool use', 'API reference: InputJSONDelta'],
      awaiting: `for await (const event of client.messages.stream({ ...params, tools })) {
  if (event.type !== 'content_block_delta') continue;
  if (event.delta.type === 'text_delta') write(event.delta.text);
  if (event.delta.type === 'input_json_delta') write(event.delta.partial_json);
}`,
      replies: TOOL,
      prints: 'I look.{"city":"Oslo"}',
    },
    {
      python: 'event.delta.type == "thinking_delta"',
      promises: [
        'quick reference: Handling different content types',
        'quick reference: adaptive thinking, and a budget on older models',
      ],
      awaiting: `const stream = client.messages.stream({ ...params, thinking: { type: 'adaptive' } });
for await (const event of stream) {
  if (event.type === 'content_block_start') write(\`[\${event.content_block.type}] \`);
  if (event.type !== 'content_block_delta') continue;
  if (event.delta.type === 'thinking_delta') write(event.delta.thinking);
  if (event.delta.type === 'text_delta') write(event.delta.text);
}`,
      replies: THINKING,
      prints: '[thinking] Let me think.[text] Hello, world.',
    },
    event(
      'content_block_stop',
      ['quick reference: content_block_stop', 'API reference: ContentBlockStopEvent'],
      'event.index, event.content_block.type',
      '0 text\n',
    ),
    event(
      'message_delta',
      [
        'quick reference: message_delta has stop_reason and usage',
        'API reference: MessageDeltaEvent',
        'API reference: MessageDelta.stop_reason and stop_sequence',
        'API reference: MessageDeltaUsage.output_tokens',
      ],
      'event.delta.stop_reason, event.usage.output_tokens > 0',
      'end_turn true\n',
    ),
    event(
      'message_stop',
      [
        'quick reference: message_stop, once at the end',
        'API reference: MessageStopEvent, and the final message',
      ],
      'event.message.stop_reason',
      'end_turn\n',
    ),
    {
      python: 'event.usage.output_tokens',
      promises: [
        'guide: Track token usage',
        'API reference: Track token usage during streaming',
        'tasks: Track token usage in real time',
        'quick reference: Best practices 3, the usage of message_delta',
        'quick reference: event.usage and output_tokens is not None',
        'quick reference: stream_with_progress(client, **kwargs)',
      ],
      awaiting: `let tokens = 0;
for await (const event of client.messages.stream(params)) {
  if (event.type === 'message_delta') tokens = event.usage.output_tokens;
}
console.log(tokens > 0);`,
      prints: 'true\n',
    },
    {
      python: 'event.type == "text"\nevent.text, event.snapshot',
      awaiting: `const stream = client.messages.stream(params);
stream.on('text', (text, snapshot) => write(\`\${text}|\${snapshot.length} \`));
await stream.untilDone();`,
      replies: () => reply.text('Hi.'),
      prints: 'Hi.|3 ',
      differs: 'derived events are listeners: a loop has one vocabulary, that of the API',
    },
    {
      python: 'event.type == "thinking"',
      awaiting: `const stream = client.messages.stream({ ...params, thinking: { type: 'adaptive' } });
let thinking = '';
stream.on('thinking', (_, snapshot) => (thinking = snapshot));
await stream.untilDone();
console.log(thinking);`,
      replies: THINKING,
      prints: 'Let me think.\n',
      differs: 'a listener',
    },
    {
      python: 'event.type == "signature"',
      awaiting: `const stream = client.messages.stream({ ...params, thinking: { type: 'adaptive' } });
stream.on('signature', (signature) => console.log(signature.length > 0));
await stream.untilDone();`,
      replies: THINKING,
      prints: 'true\n',
      differs: 'a listener',
    },
    {
      python: 'event.type == "citation"',
      awaiting: `const stream = client.messages.stream(params);
stream.on('citation', ({ cited_text }) => console.log(cited_text));
await stream.untilDone();`,
      replies: () =>
        reply.citations('Mills have races.', [
          {
            type: 'char_location',
            cited_text: 'A mill race',
            document_index: 0,
            document_title: null,
            start_char_index: 0,
            end_char_index: 11,
            file_id: null,
          },
        ]),
      prints: 'A mill race\n',
      differs: 'a listener',
    },
    {
      python: 'event.type == "input_json"\nevent.partial_json, event.snapshot',
      awaiting: `const stream = client.messages.stream({ ...params, tools });
let input: unknown;
stream.on('inputJson', (_, snapshot) => (input = snapshot));
await stream.untilDone();
console.log(input);`,
      replies: TOOL,
      prints: "{ city: 'Oslo' }\n",
      differs: 'a listener; its snapshot grows while you hold it',
    },
    {
      python: 'isinstance(event, MessageStopEvent)',
      promises: ['API reference: event classes'],
      awaiting: `for await (const event of client.messages.stream(params)) {
  if (event.type === 'message_stop') console.log(Object.keys(event).includes('type'));
}`,
      prints: 'true\n',
      differs: 'types have no classes: go by `event.type`',
    },
    {
      python: 'next(stream), anext(stream)',
      awaiting: `const events = client.messages.stream(params)[ITERATOR]();
const first = await events.next();
const second = await events.next();
if (!first.done && !second.done) console.log(first.value.type, second.value.type);`,
      prints: 'message_start content_block_start\n',
      differs:
        'create one iterator and keep it, `stream[Symbol.asyncIterator]()` or `stream[Symbol.iterator]()`: each new one starts at the first event',
    },
  ],
};
