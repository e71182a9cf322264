// Ctrl-C ends the answer at once; what came stays.
import { Anthropic, APIUserAbortError } from 'millrace';

const client = new Anthropic();

const stream = client.messages.stream({
  model: 'claude-opus-4-8',
  max_tokens: 1024,
  messages: [{ role: 'user', content: 'Write a very long story' }],
});

process.once('SIGINT', () => stream.close());

try {
  for await (const text of stream.textStream) process.stdout.write(text);
  console.log('\n[Stream completed]');
} catch (error) {
  if (!(error instanceof APIUserAbortError)) throw error;
  console.log('\n[Streaming interrupted]'); // error.partialMessage has what came
}
