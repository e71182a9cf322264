// A stream that ends with its scope, however that is left. Node 24 or newer, or compiled.
import { Anthropic } from 'millrace';

const client = new Anthropic();

async function firstWords(count: number): Promise<string> {
  await using stream = client.messages.stream({
    model: 'claude-opus-4-8',
    max_tokens: 1024,
    messages: [{ role: 'user', content: 'Write a story' }],
  });
  let text = '';
  for await (const piece of stream.textStream) {
    text += piece;
    if (text.split(' ').length > count) break;
  }
  return text.split(' ').slice(0, count).join(' ');
}

console.log(await firstWords(3));
