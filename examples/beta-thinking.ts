// The beta interface, with a budget for thinking. `betas: ['…']` turns on what is still a beta.
import { Anthropic } from 'millrace';

const client = new Anthropic();

const stream = client.beta.messages.stream({
  model: 'claude-sonnet-4-5',
  max_tokens: 2048,
  thinking: { type: 'enabled', budget_tokens: 1024 },
  messages: [{ role: 'user', content: 'Explain quantum computing' }],
});

for await (const event of stream) {
  if (event.type !== 'content_block_delta') continue;
  if (event.delta.type === 'thinking_delta') {
    process.stdout.write(`[Thinking: ${event.delta.thinking}]`);
  } else if (event.delta.type === 'text_delta') {
    process.stdout.write(event.delta.text);
  }
}
console.log();
