// Only the text, when it is whole. It is streamed nevertheless, so a long answer meets no timeout.
import { Anthropic } from 'millrace';

const client = new Anthropic();

const stream = client.messages.stream({
  model: 'claude-opus-4-8',
  max_tokens: 1024,
  messages: [{ role: 'user', content: 'Hello' }],
});

console.log(await stream.getFinalText());
