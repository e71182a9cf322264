// An answer of a known shape, watched while it is written.
import { Anthropic, OutputError, outputFormat } from 'millrace';
import { z } from 'zod';

const client = new Anthropic();

const Recipe = z.object({
  name: z.string(),
  minutes: z.number(),
  steps: z.array(z.object({ title: z.string(), text: z.string() })),
});

const stream = client.messages.stream({
  model: 'claude-opus-4-8',
  max_tokens: 1024,
  messages: [{ role: 'user', content: 'A recipe for pea soup' }],
  output_config: { format: outputFormat(Recipe) },
});

// Each step as soon as it is complete.
stream.outputStream.onValue('steps.*', (step) => console.log(`\n[a step: ${step.title}]`));

// All there is so far, each time there is more.
for await (const recipe of stream.outputStream) {
  process.stdout.write(`\r${recipe.name ?? ''} (${recipe.steps?.length ?? 0} steps)`);
}

try {
  const recipe = await stream.getFinalOutput();
  console.log(`\n${recipe.name}: ${recipe.minutes} minutes, ${recipe.steps.length} steps`);
} catch (error) {
  if (!(error instanceof OutputError)) throw error;
  console.log(`\n${error.message}\n${error.text}`);
}
