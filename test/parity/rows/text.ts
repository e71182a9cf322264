import { reply } from '../../../src/testing/index.js';
import type { Section } from '../row.js';

export const TEXT: Section = {
  title: 'Text',
  rows: [
    {
      python:
        'with client.messages.stream(…) as stream:\n    for text in stream.text_stream: print(text, end="")',
      promises: [
        'quick reference: Quick start',
        'guide: Basic streaming',
        'API reference: Basic streaming',
        'tasks: Basic text streaming',
        'guide: Best practices 1, with closes the stream',
        'API reference: text_stream gives text deltas only',
      ],
      awaiting:
        'await using stream = client.messages.stream(params);\nfor await (const text of stream.textStream) write(text);',
      prints: 'Hello, world.',
      differs:
        '`using` needs Node 24 or a compiler; without it, leaving the loop closes the request too',
    },
    {
      python:
        'async with client.messages.stream(…) as stream:\n    async for text in stream.text_stream: …',
      promises: [
        'quick reference: Async quick start',
        'guide: Async streaming',
        'API reference: Async streaming',
        'tasks: Async streaming',
        'API reference: async stream(), the same behaviour',
        'API reference: AsyncMessageStream.text_stream and current_message_snapshot',
      ],
      awaiting: 'for await (const text of client.messages.stream(params).textStream) write(text);',
      blocking: { none: 'it is the client that waits' },
      prints: 'Hello, world.',
      differs: 'no `asyncio.run`: `await` works at the top level of a module',
    },
    {
      python: 'print(text, end="", flush=True)',
      promises: ['quick reference: Best practices 1, flush'],
      awaiting:
        'for await (const text of client.messages.stream(params).textStream) {\n  write(text); // process.stdout.write(text)\n}',
      prints: 'Hello, world.',
    },
    {
      python: 'for text in stream.text_stream:\n    buffer += text  # printed every 10 characters',
      promises: ['guide: Buffered streaming', 'tasks: Buffered streaming'],
      awaiting: `let buffer = '';
for await (const text of client.messages.stream(params).textStream) {
  buffer += text;
  if (buffer.length < 10 && !'.!?\\n'.includes(text)) continue;
  write(buffer);
  buffer = '';
}
write(buffer);`,
      prints: 'Hello, world.',
    },
    {
      python: '# the same, for a smoother display',
      promises: ['guide: Buffer output for smoother display'],
      awaiting:
        'const { textStream } = client.messages.stream(params);\nfor await (const word of smooth(textStream)) write(word);',
      prints: 'Hello, world.',
      differs: '`smooth` is of `millrace`, the blocking one of `millrace/sync`',
    },
    {
      python: 'stream.get_final_text()',
      promises: [
        'API reference: get_final_text() joins all text blocks',
        'API reference: Get final text only',
      ],
      awaiting: 'console.log(await client.messages.stream(params).getFinalText());',
      replies: () => reply.sequence(reply.text('Hello, '), reply.text('world.')),
      prints: 'Hello, world.\n',
    },
    {
      python: 'stream.get_final_text()  # a message without text',
      promises: ['API reference: get_final_text() raises RuntimeError'],
      awaiting:
        'const text = await client.messages.stream({ ...params, tools }).getFinalText();\nconsole.log(JSON.stringify(text));',
      replies: () => reply.toolUse('get_weather', { city: 'Oslo' }),
      prints: '""\n',
      differs: 'an empty string, where Python raises a RuntimeError',
    },
    {
      python: 'for event in stream: …\nfor text in stream.text_stream: …',
      promises: ['SDK: a second loop has nothing left'],
      awaiting: `const stream = client.messages.stream(params);
for await (const event of stream) if (event.type === 'message_stop') write('read: ');
for await (const text of stream.textStream) write(text);`,
      prints: 'read: Hello, world.',
      differs: 'each loop sees the whole message; in Python nothing is left for the second one',
    },
    {
      python: 'asyncio.gather(stream_one(…), stream_one(…))',
      promises: ['API reference: Concurrent async streams', 'tasks: Concurrent async streams'],
      awaiting: `const streams = ['Rust?', 'Python?'].map((content) =>
  client.messages.stream({ ...params, messages: [{ role: 'user', content }] }),
);
const texts = await Promise.all(streams.map((stream) => stream.getFinalText()));
console.log(texts.length, texts[1]);`,
      blocking: {
        none: 'one answer after the other; several streams can be open and read in turns',
      },
      prints: '2 Hello, world.\n',
    },
    {
      python: 'AsyncAnthropic()  # for many streams at once',
      promises: ['tasks: Best practices 4, async for high concurrency'],
      awaiting: `const streams = Array.from({ length: 20 }, () => client.messages.stream(params));
const texts = await Promise.all(streams.map((stream) => stream.getFinalText()));
console.log(texts.filter((text) => text === 'Hello, world.').length);`,
      blocking: { none: '`Anthropic` is for that' },
      prints: '20\n',
    },
  ],
};
