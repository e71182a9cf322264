// Every event of a stream, and what each is good for.
import { Anthropic } from 'millrace';

const client = new Anthropic();

const stream = client.messages.stream({
  model: 'claude-opus-4-8',
  max_tokens: 1024,
  messages: [{ role: 'user', content: 'Hello' }],
});

for await (const event of stream) {
  if (event.type === 'message_start') {
    console.log(`[Stream started: ${event.message.id}]`);
  } else if (event.type === 'content_block_start') {
    console.log(`[Content block ${event.index} started: ${event.content_block.type}]`);
  } else if (event.type === 'content_block_delta') {
    if (event.delta.type === 'text_delta') process.stdout.write(event.delta.text);
  } else if (event.type === 'content_block_stop') {
    console.log(`\n[Content block ${event.index} stopped]`); // event.content_block is the whole block
  } else if (event.type === 'message_delta') {
    console.log(`[Stop reason: ${event.delta.stop_reason}]`);
    console.log(`[Tokens used: ${event.usage.output_tokens}]`);
  } else if (event.type === 'message_stop') {
    console.log('[Stream completed]'); // event.message is the whole message
  }
}
