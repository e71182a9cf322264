// Step by step, without a loop over the stream: what is opened by hand is closed by hand.
import { Anthropic } from 'millrace';

const client = new Anthropic();

const stream = client.messages.stream({
  model: 'claude-opus-4-8',
  max_tokens: 1024,
  messages: [{ role: 'user', content: 'Hello' }],
});

try {
  const events = stream[Symbol.asyncIterator]();
  for (let next = await events.next(); !next.done; next = await events.next()) {
    const event = next.value;
    if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') {
      process.stdout.write(event.delta.text);
    }
  }
  const message = await stream.getFinalMessage();
  console.log(`\n${message.stop_reason}`);
} finally {
  stream.close(); // does nothing to a stream that is complete
}
