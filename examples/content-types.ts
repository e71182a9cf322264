// Thinking and text, told apart.
import { Anthropic } from 'millrace';

const client = new Anthropic();

const stream = client.messages.stream({
  model: 'claude-opus-4-8',
  max_tokens: 16_000,
  thinking: { type: 'adaptive', display: 'summarized' },
  messages: [{ role: 'user', content: 'Why does a mill need a race?' }],
});

for await (const event of stream) {
  if (event.type === 'content_block_start') {
    if (event.content_block.type === 'thinking') console.log('[Thinking...]');
    if (event.content_block.type === 'text') console.log('\n[Response:]');
  } else if (event.type === 'content_block_delta') {
    if (event.delta.type === 'thinking_delta') process.stdout.write(event.delta.thinking);
    if (event.delta.type === 'text_delta') process.stdout.write(event.delta.text);
  }
}
console.log();
