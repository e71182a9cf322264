// What can go wrong, from the special to the general. What came before the error is not lost.
import {
  Anthropic,
  APIConnectionError,
  APIError,
  APIStatusError,
  APITimeoutError,
  RateLimitError,
} from 'millrace';

const client = new Anthropic(); // tries twice more before it gives up: maxRetries

const stream = client.messages.stream({
  model: 'claude-opus-4-8',
  max_tokens: 1024,
  messages: [{ role: 'user', content: 'Write a story' }],
});

try {
  for await (const text of stream.textStream) process.stdout.write(text);
  console.log();
} catch (error) {
  if (!(error instanceof APIError)) throw error;

  if (error instanceof RateLimitError) console.log('\nRate limited. Please wait and retry.');
  else if (error instanceof APITimeoutError) console.log(`\nTimed out: ${error.message}`);
  else if (error instanceof APIConnectionError) console.log(`\nConnection lost: ${error.message}`);
  else if (error instanceof APIStatusError)
    console.log(`\nAPI error ${error.type}: ${error.message}`);
  else console.log(`\nStream error: ${error.message}`);

  console.log(`Received: ${error.partialMessage?.content.length ?? 0} blocks`);
}
