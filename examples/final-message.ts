// The whole message, once it has been streamed: tokens, stop reason, all blocks.
import { Anthropic } from 'millrace';

const client = new Anthropic();

const stream = client.messages.stream({
  model: 'claude-opus-4-8',
  max_tokens: 1024,
  messages: [{ role: 'user', content: 'What is 2+2?' }],
});

for await (const text of stream.textStream) process.stdout.write(text);

const message = await stream.getFinalMessage();
console.log(`\n\nToken usage: ${message.usage.output_tokens}`);
console.log(`Stop reason: ${message.stop_reason}`);
