// An even pace, whatever the bursts an answer comes in: never more than half a second behind.
import { Anthropic, smooth } from 'millrace';

const client = new Anthropic();

const stream = client.messages.stream({
  model: 'claude-opus-4-8',
  max_tokens: 1024,
  messages: [{ role: 'user', content: 'Write a story' }],
});

// Ten characters or more, to the end of a word. Without `by` it is word by word.
const pieces = smooth(stream.textStream, { by: { minLength: 10, punctuation: ' .!?\n' } });

for await (const piece of pieces) process.stdout.write(piece);
console.log();
