import { fault, reply } from '../../../src/testing/index.js';
import type { Section } from '../row.js';

export const MESSAGES: Section = {
  title: 'Messages and snapshots',
  rows: [
    {
      python: 'message = stream.get_final_message()',
      promises: [
        'quick reference: Final message inside with',
        'guide: get_final_message() after the with block',
        'API reference: Get final message',
        'tasks: Get final message after streaming',
        'API reference: get_final_message() has content, usage and stop_reason',
        'API reference: AsyncMessageStream.get_final_message() and get_final_text()',
      ],
      awaiting: `const stream = client.messages.stream(params);
for await (const text of stream.textStream) write(text);
const message = await stream.getFinalMessage();
console.log('', message.stop_reason, message.usage.output_tokens > 0);`,
      prints: 'Hello, world. end_turn true\n',
      differs: 'a name of `using` ends with its block: declare the stream outside, without `using`',
    },
    {
      python: 'stream.get_final_message()  # before the stream is read',
      promises: [
        'API reference: get_final_message() raises RuntimeError before the end',
        'quick reference: Best practices 5, get_final_message() without events',
      ],
      awaiting: `const { content } = await client.messages.stream(params).getFinalMessage();
console.log(content.length);`,
      prints: '1\n',
      differs: 'it reads what is left; there is no RuntimeError',
    },
    {
      python: 'for event in stream: break\nstream.get_final_message()',
      promises: ['SDK: after a break it reads the rest'],
      awaiting: `const stream = client.messages.stream(params);
for await (const _ of stream) break;
try {
  await stream.getFinalMessage();
} catch (error) {
  console.log(error instanceof APIUserAbortError, stream.currentMessageSnapshot?.role);
}`,
      prints: 'true assistant\n',
      differs: 'leaving the loop ends the request: APIUserAbortError, and the snapshot stays',
    },
    {
      python: 'stream.until_done()',
      awaiting: `const stream = client.messages.stream(params);
await stream.untilDone();
console.log(stream.currentMessageSnapshot?.stop_reason);`,
      prints: 'end_turn\n',
    },
    {
      python: 'stream.current_message_snapshot',
      promises: [
        'API reference: current_message_snapshot',
        'tasks: Current message snapshot',
        'API reference: Stream with current snapshot',
      ],
      awaiting: `const stream = client.messages.stream(params);
let length = 0;
for await (const _ of stream) {
  const block = stream.currentMessageSnapshot?.content[0];
  if (block?.type === 'text') length = block.text.length;
}
console.log(length);`,
      prints: '13\n',
      differs:
        'undefined before `message_start`, where Python asserts; `.text` needs the look at `type`',
    },
    {
      python: 'kept.append(stream.current_message_snapshot)',
      promises: ['API reference: a snapshot over time'],
      awaiting: `const stream = client.messages.stream({ ...params, tools });
const kept: { snapshot: unknown; json: string }[] = [];
for await (const _ of stream) {
  const snapshot = stream.currentMessageSnapshot;
  kept.push({ snapshot, json: JSON.stringify(snapshot) });
}
console.log(kept.every(({ snapshot, json }) => JSON.stringify(snapshot) === json));`,
      replies: () => reply.toolUse('get_weather', { city: 'Oslo', days: [1, 2, 3] }),
      prints: 'true\n',
      differs: 'it never changes; in Python it is one object that grows',
    },
    {
      python: 'stream.current_message_snapshot  # after the connection broke',
      promises: ['quick reference: Best practices 2, partial responses'],
      awaiting: `try {
  await client.messages.stream(params).getFinalMessage();
} catch (error) {
  if (!(error instanceof APIError)) throw error;
  console.log(error.name, error.partialMessage?.role);
}`,
      replies: () =>
        reply.faulty(reply.text('Hello, world.'), fault.cut({ event: 'content_block_delta' })),
      prints: 'StreamTruncatedError assistant\n',
      differs: 'a cut stream is an error with `partialMessage`; Python ends it like a whole one',
    },
    {
      python: 'conversation.append({"role": "assistant", "content": message.content})',
      promises: [
        'tasks: Multi-turn conversation with streaming',
        'API reference: Stream multi-turn conversation',
      ],
      awaiting: `const conversation: MessageParam[] = [];
for (const content of ["Hi, I'm Alice", "What's my name?"]) {
  conversation.push({ role: 'user', content });
  const stream = client.messages.stream({ ...params, messages: conversation });
  conversation.push(toMessageParam(await stream.getFinalMessage()));
}
console.log(conversation.map(({ role }) => role).join(' '));`,
      prints: 'user assistant user assistant\n',
      differs:
        '`{ role, content: message.content }` works too; `toMessageParam` leaves out what cannot be sent back',
    },
    {
      python: 'message.to_json(), message.to_dict()',
      awaiting:
        'const message = await client.messages.stream(params).getFinalMessage();\nconsole.log(JSON.parse(JSON.stringify(message)).role);',
      prints: 'assistant\n',
      differs: 'a message is a plain object: `JSON.stringify(message)`',
    },
  ],
};
