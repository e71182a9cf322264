import { reply } from '../../../src/testing/index.js';
import type { Section } from '../row.js';

export const STREAMS: Section = {
  title: 'The stream, and raw streams',
  rows: [
    {
      python: 'MessageStreamManager, __enter__, __exit__',
      promises: [
        'API reference: stream() returns MessageStreamManager',
        'API reference: MessageStreamManager',
        'API reference: AsyncMessageStreamManager',
        'API reference: MessageStream.__enter__ returns self',
        'API reference: AsyncMessageStream.__aenter__ and __aexit__',
        'API reference: Manual stream iteration',
        'tasks: Manual stream iteration',
      ],
      awaiting: `const stream = client.messages.stream(params);
try {
  for await (const text of stream.textStream) write(text);
} finally {
  stream.close();
}`,
      prints: 'Hello, world.',
      differs:
        'none: `stream()` gives the stream itself; `connect()` sends the request before the first read, as `__enter__` does',
    },
    {
      python: 'with client.messages.stream(…) as stream:\n    raise ValueError',
      promises: ['API reference: MessageStream.__exit__ closes, also on an exception'],
      awaiting: `const stream = client.messages.stream(params);
try {
  for await (const _ of stream) throw new Error('mine');
} catch (error) {
  console.log((error as Error).message, stream.currentMessageSnapshot?.role);
}`,
      prints: 'mine assistant\n',
      differs: 'leaving the loop closes the request, and the snapshot stays',
    },
    {
      python: '# bad: stream = client.messages.stream(…) without with',
      promises: ['tasks: Best practices 1, without with it leaks'],
      awaiting: `const stream = client.messages.stream(params);
console.log(stream.requestId, stream.attempts.length);`,
      prints: 'undefined 0\n',
      differs: 'a stream sends its request when it is first read',
    },
    {
      python: "stream.response.headers.get('request-id')",
      promises: ['API reference: Access raw HTTP response', 'tasks: Access raw HTTP response'],
      awaiting: `const stream = client.messages.stream(params);
const response = await stream.response;
console.log(response.headers.get('request-id') === stream.requestId);
await stream.untilDone();`,
      prints: 'true\n',
      differs: 'a promise, or with `SyncAnthropic` a wait; `status_code` is `status`',
    },
    {
      python: 'client.messages.create(stream=True)',
      promises: [
        'API reference: Stream[T] iterates raw events',
        'API reference: RawMessageStreamEvent',
      ],
      awaiting: `const types = new Set<string>();
for await (const event of await client.messages.create({ ...params, stream: true })) {
  types.add(event.type);
}
types.delete('ping');
console.log(types.size);`,
      prints: '6\n',
      differs:
        'raw is what is on the wire: pings are among the events, and the union has PingEvent, ErrorEvent and UnknownEvent',
    },
    {
      python: 'with stream: …  # Stream.__enter__, __exit__',
      promises: ['API reference: Stream.__enter__ and __exit__'],
      awaiting: `await using stream = await client.messages.create({ ...params, stream: true });
for await (const event of stream) if (event.type === 'message_stop') console.log('done');`,
      prints: 'done\n',
    },
    {
      python: 'Stream.response',
      promises: ['API reference: Stream.response'],
      awaiting: `const stream = await client.messages.create({ ...params, stream: true });
console.log(stream.response.status);
stream.close();`,
      prints: '200\n',
    },
    {
      python: 'for event in raw: …\nfor event in raw: …  # again',
      awaiting: `const stream = await client.messages.create({ ...params, stream: true });
for await (const _ of stream);
try {
  for await (const _ of stream);
} catch (error) {
  console.log(error instanceof AnthropicError);
}`,
      prints: 'true\n',
      differs: 'an AnthropicError; in Python it is empty. `tee()` makes two streams of one',
    },
    {
      python: 'Stream.raw_events(response)',
      awaiting: `const stream = await client.messages.create({ ...params, stream: true });
let data = '';
for await (const event of Stream.rawEvents(new Response(stream.toReadableStream()))) {
  data = event.data;
}
console.log(data);`,
      blocking: { none: 'there is no `fetch` that blocks' },
      prints: '{"type":"message_stop"}\n',
    },
  ],
};

export const TOOLS: Section = {
  title: 'Tools and structured output',
  rows: [
    {
      python: 'response.stop_reason == "tool_use"',
      promises: [
        'quick reference: Streaming with tool use, a second turn with tool_result',
        'API reference: Stream with tool use, block.input',
        'tasks: Tool calls in events and in the message',
      ],
      awaiting: `const messages: MessageParam[] = [...params.messages];
const first = await client.messages.stream({ ...params, tools, messages }).getFinalMessage();
messages.push(toMessageParam(first));
const content: ToolResultBlockParam[] = first.content
  .filter((block) => block.type === 'tool_use')
  .map(({ id, input }) => ({ type: 'tool_result', tool_use_id: id, content: JSON.stringify(input) }));
messages.push({ role: 'user', content });
console.log(await client.messages.stream({ ...params, tools, messages }).getFinalText());`,
      replies: ({ body }) =>
        body.messages.length === 1
          ? reply.toolUse('get_weather', { city: 'Oslo' })
          : reply.text('18 °C.'),
      prints: '18 °C.\n',
    },
    {
      python: 'client.beta.messages.tool_runner(…), @beta_tool',
      promises: ['quick reference: the tool runner returns complete messages'],
      awaiting: `const weather = tool({
  name: 'get_weather',
  input: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  run: ({ city }) => \`18 °C in \${city}\`,
});
const runner = client.messages.toolRunner({ ...params, tools: [weather] });
for await (const text of runner.textStream) write(text);
console.log('', runner.messages.length);`,
      replies: ({ body }) =>
        body.messages.length === 1
          ? reply.toolUse('get_weather', { city: 'Oslo' })
          : reply.text('It is warm.'),
      prints: 'It is warm. 4\n',
      differs:
        'each turn streams, as with `stream=True` in Python; with `SyncAnthropic` tools are functions without `async`',
    },
    {
      python: 'messages.stream(output_format=Model), messages.parse(…), parsed_output',
      awaiting: `const City = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] } as const;
const stream = client.messages.stream({
  ...params,
  output_config: { format: outputFormat(City) },
});
console.log((await stream.getFinalOutput()).city);`,
      replies: () => reply.text('{"city":"Oslo"}'),
      prints: 'Oslo\n',
    },
    {
      python: 'TextEvent.parsed_snapshot()',
      awaiting: `const City = { type: 'object', properties: { city: { type: 'string' } } } as const;
const stream = client.messages.stream({
  ...params,
  output_config: { format: outputFormat(City) },
});
let city: string | undefined;
for await (const value of stream.outputStream) city = value.city;
console.log(city);`,
      replies: () => reply.text('{"city":"Oslo"}'),
      prints: 'Oslo\n',
      differs: '`outputStream`: the value while it grows',
    },
  ],
};
