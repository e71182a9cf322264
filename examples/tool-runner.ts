// The same conversation, run for you: text as it comes, and the calls as they are made.
import { Anthropic, tool } from 'millrace';
import { z } from 'zod';

const client = new Anthropic();

const getWeather = tool({
  name: 'get_weather',
  description: 'Get the current weather in a location',
  input: z.object({ location: z.string() }),
  async run({ location }, { emit, signal }) {
    emit(`asking the weather station of ${location}`);
    signal.throwIfAborted(); // or hand it on: fetch(url, { signal })
    return `18 °C and sunny in ${location}`;
  },
});

const runner = client.messages.toolRunner(
  {
    model: 'claude-opus-4-8',
    max_tokens: 1024,
    messages: [{ role: 'user', content: "What's the weather in SF?" }],
    tools: [getWeather],
  },
  { eager: true, maxTurns: 10 },
);

for await (const event of runner.events) {
  if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') {
    process.stdout.write(event.delta.text);
  } else if (event.type === 'tool_start') {
    console.log(`\n[${event.toolUse.name} ${JSON.stringify(event.toolUse.input)}]`);
  } else if (event.type === 'tool_update') {
    console.log(`[… ${event.update}]`);
  } else if (event.type === 'tool_result') {
    console.log(`[→ ${event.result.content}]`);
  }
}
console.log(`\n${runner.messages.length} turns, ${runner.usage?.output_tokens} tokens`);
