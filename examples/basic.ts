// The text of an answer, as it is written.
import { Anthropic } from 'millrace';

const client = new Anthropic(); // reads ANTHROPIC_API_KEY

const stream = client.messages.stream({
  model: 'claude-opus-4-8',
  max_tokens: 1024,
  messages: [{ role: 'user', content: 'Write a short story' }],
});

for await (const text of stream.textStream) process.stdout.write(text);
console.log();
