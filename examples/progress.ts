// A function that shows an answer while it is written, and gives it back.
import { Anthropic, type MessageStreamParams } from 'millrace';

async function streamWithProgress(params: MessageStreamParams): Promise<string> {
  let tokens = 0;
  const parts: string[] = [];

  for await (const event of client.messages.stream(params)) {
    if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') {
      parts.push(event.delta.text);
      process.stdout.write(event.delta.text);
    } else if (event.type === 'message_delta') {
      tokens = event.usage.output_tokens;
    }
  }
  console.log(`\n\n[Tokens used: ${tokens}]`);
  return parts.join('');
}

const client = new Anthropic();

const story = await streamWithProgress({
  model: 'claude-opus-4-8',
  max_tokens: 1024,
  messages: [{ role: 'user', content: 'Write a story' }],
});
console.log(`[Characters: ${story.length}]`);
