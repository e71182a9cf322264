// A parameter of the model: 0 is sober, 1 is free.
import { Anthropic } from 'millrace';

const client = new Anthropic();

const stream = client.messages.stream({
  model: 'claude-opus-4-8',
  max_tokens: 1024,
  temperature: 0.8,
  messages: [{ role: 'user', content: 'Write a creative story' }],
});

for await (const text of stream.textStream) process.stdout.write(text);
console.log();
