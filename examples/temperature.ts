// A parameter of models up to 4.6: 0 is sober, 1 is free. Newer ones refuse it.
import { Anthropic } from 'millrace';

const client = new Anthropic();

const stream = client.messages.stream({
  model: 'claude-sonnet-4-5',
  max_tokens: 1024,
  temperature: 0.8,
  messages: [{ role: 'user', content: 'Write a creative story' }],
});

for await (const text of stream.textStream) process.stdout.write(text);
console.log();
