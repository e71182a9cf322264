// The events as they are on the wire: nothing is accumulated, for one reader.
import { Anthropic } from 'millrace';

const client = new Anthropic();

const events = await client.messages.create({
  model: 'claude-opus-4-8',
  max_tokens: 1024,
  messages: [{ role: 'user', content: 'Hello' }],
  stream: true,
});

for await (const event of events) console.log(JSON.stringify(event));
