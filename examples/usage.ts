// The tokens of an answer, as the API reports them in the stream.
import { Anthropic } from 'millrace';

const client = new Anthropic();

const stream = client.messages.stream({
  model: 'claude-opus-4-8',
  max_tokens: 1024,
  messages: [{ role: 'user', content: 'Write a long essay' }],
});

for await (const event of stream) {
  if (event.type === 'message_start') {
    console.log(`[Input tokens: ${event.message.usage.input_tokens}]`);
  } else if (event.type === 'content_block_delta') {
    if (event.delta.type === 'text_delta') process.stdout.write(event.delta.text);
  } else if (event.type === 'message_delta') {
    console.log(`\n[Output tokens: ${event.usage.output_tokens}]`);
  }
}
