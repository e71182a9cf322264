// Who the model is to be, and how it is to answer.
import { Anthropic } from 'millrace';

const client = new Anthropic();

const stream = client.messages.stream({
  model: 'claude-opus-4-8',
  max_tokens: 1024,
  system: 'You are a helpful TypeScript expert. Be concise.',
  messages: [{ role: 'user', content: 'Explain async iterators' }],
});

for await (const text of stream.textStream) process.stdout.write(text);
console.log();
