// A call of a tool while the model writes it, then as a whole.
import { Anthropic } from 'millrace';

const client = new Anthropic();

const stream = client.messages.stream({
  model: 'claude-opus-4-8',
  max_tokens: 1024,
  messages: [{ role: 'user', content: "What's the weather in San Francisco?" }],
  tools: [
    {
      name: 'get_weather',
      description: 'Get weather for a location',
      input_schema: {
        type: 'object',
        properties: { location: { type: 'string' } },
        required: ['location'],
      },
    },
  ],
});

for await (const event of stream) {
  if (event.type === 'content_block_start' && event.content_block.type === 'tool_use') {
    console.log(`\n[Tool call: ${event.content_block.name}]`);
  } else if (event.type === 'content_block_delta') {
    if (event.delta.type === 'text_delta') process.stdout.write(event.delta.text);
    if (event.delta.type === 'input_json_delta') process.stdout.write(event.delta.partial_json);
  }
}

const message = await stream.getFinalMessage();
for (const block of message.content) {
  if (block.type === 'tool_use') console.log(`\nTool: ${block.name}\nInput:`, block.input);
}
