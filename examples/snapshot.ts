// The message so far, at any moment.
import { Anthropic } from 'millrace';

const client = new Anthropic();

const stream = client.messages.stream({
  model: 'claude-opus-4-8',
  max_tokens: 1024,
  messages: [{ role: 'user', content: 'Count to 10' }],
});

for await (const _ of stream) {
  const block = stream.currentMessageSnapshot?.content[0];
  if (block?.type === 'text') process.stdout.write(`\rCurrent length: ${block.text.length}`);
}
console.log();
