// How long to wait, in milliseconds: for the client, and for one request.
import { Anthropic, APITimeoutError } from 'millrace';

// Until the headers, and for each silence after them. A long answer is no silence.
const client = new Anthropic({ timeout: 120_000 });

const stream = client.messages.stream(
  {
    model: 'claude-opus-4-8',
    max_tokens: 1024,
    messages: [{ role: 'user', content: 'Write a long story' }],
  },
  { timeout: { idle: 30_000 } },
);

try {
  for await (const text of stream.textStream) process.stdout.write(text);
  console.log();
} catch (error) {
  if (!(error instanceof APITimeoutError)) throw error;
  console.log(`\n[${error.phase}: ${error.message}]`);
}
