// A conversation: each answer is part of the next question.
import { Anthropic, type MessageParam, toMessageParam } from 'millrace';

const client = new Anthropic();
const conversation: MessageParam[] = [];

async function turn(content: string): Promise<void> {
  conversation.push({ role: 'user', content });
  process.stdout.write(`\nUser: ${content}\nClaude: `);

  const stream = client.messages.stream({
    model: 'claude-opus-4-8',
    max_tokens: 1024,
    messages: conversation,
  });
  for await (const text of stream.textStream) process.stdout.write(text);
  console.log();

  conversation.push(toMessageParam(await stream.getFinalMessage()));
}

await turn("Hi, I'm Alice");
await turn("What's my name?");
