// Status and headers, as soon as they are there and before any text.
import { Anthropic } from 'millrace';

const client = new Anthropic();

const stream = client.messages.stream({
  model: 'claude-opus-4-8',
  max_tokens: 1024,
  messages: [{ role: 'user', content: 'Hello' }],
});

const { status, headers } = await stream.response;
console.log(`[Status: ${status}, request id: ${headers.get('request-id')}]`);

for await (const text of stream.textStream) process.stdout.write(text);
console.log();
