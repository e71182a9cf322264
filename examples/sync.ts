// A script that waits, without async.
import { SyncAnthropic } from 'millrace/sync';

const stream = new SyncAnthropic().messages.stream({
  model: 'claude-opus-4-8',
  max_tokens: 1024,
  messages: [{ role: 'user', content: process.argv[2] ?? 'Write a haiku about a mill' }],
});
for (const text of stream.textStream) process.stdout.write(text);
process.stdout.write(`\n${stream.getFinalMessage().usage.output_tokens} tokens\n`);
