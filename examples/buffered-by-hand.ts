// A buffer of one's own: for something that takes text in larger pieces, such as a voice.
import { setTimeout as sleep } from 'node:timers/promises';
import { Anthropic } from 'millrace';

const client = new Anthropic();

const stream = client.messages.stream({
  model: 'claude-opus-4-8',
  max_tokens: 1024,
  messages: [{ role: 'user', content: 'Write a story' }],
});

let buffer = '';
for await (const text of stream.textStream) {
  buffer += text;
  // Every 10 characters, or at punctuation.
  if (buffer.length < 10 && !/[.!?\n]$/.test(buffer)) continue;
  process.stdout.write(buffer);
  buffer = '';
  await sleep(10); // a slow reader slows the server: nothing piles up
}
console.log(buffer);
