// The loop by hand: stream an answer, look for calls, answer them, until there are none.
import {
  Anthropic,
  type MessageParam,
  type Tool,
  type ToolResultBlockParam,
  toMessageParam,
  toolInput,
} from 'millrace';

const client = new Anthropic();

const tools: Tool[] = [
  {
    name: 'get_weather',
    description: 'Get the current weather in a location',
    input_schema: {
      type: 'object',
      properties: { location: { type: 'string' } },
      required: ['location'],
    },
  },
];

function getWeather({ location }: { location: string }): string {
  return `18 °C and sunny in ${location}`;
}

const messages: MessageParam[] = [{ role: 'user', content: "What's the weather in SF?" }];

for (;;) {
  const stream = client.messages.stream({
    model: 'claude-opus-4-8',
    max_tokens: 1024,
    tools,
    messages,
  });
  for await (const text of stream.textStream) process.stdout.write(text);

  const message = await stream.getFinalMessage();
  messages.push(toMessageParam(message));
  if (message.stop_reason !== 'tool_use') break;

  const results: ToolResultBlockParam[] = [];
  for (const block of message.content) {
    // A call with an incomplete input is not made, and toMessageParam has left it out.
    if (block.type !== 'tool_use' || toolInput(block).status !== 'complete') continue;
    console.log(`\n[${block.name} ${JSON.stringify(block.input)}]`);
    const content = getWeather(block.input as { location: string });
    results.push({ type: 'tool_result', tool_use_id: block.id, content });
  }
  messages.push({ role: 'user', content: results });
}
console.log(`\n${messages.length} turns`);
