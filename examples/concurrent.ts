// Many streams at once: each runs while the others do.
import { Anthropic } from 'millrace';

const client = new Anthropic();

async function ask(question: string): Promise<string> {
  const stream = client.messages.stream({
    model: 'claude-opus-4-8',
    max_tokens: 1024,
    messages: [{ role: 'user', content: question }],
  });
  return await stream.getFinalText();
}

const questions = ['What is 2+2?', 'What is the capital of France?', 'What is TypeScript?'];
const answers = await Promise.all(questions.map(ask));

for (const [index, question] of questions.entries()) {
  console.log(`\nQ: ${question}\nA: ${answers[index]}`);
}
