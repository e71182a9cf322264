import type { MessageParam } from '../../index.js';
import { createTextWriter } from '../answer/text-writer.js';
import type { Terminal } from '../terminal.js';
import { PROMPT } from './editor-rows.js';
import { textOfContent } from './text-of-content.js';

/** Says which chat continues. A terminal shows its latest prompt and answer again. */
export async function showLatest(
  messages: readonly MessageParam[],
  model: string,
  { stdout, stderr }: Terminal,
): Promise<void> {
  const count = messages.length === 1 ? '1 message' : `${messages.length} messages`;
  stderr.printLine(`Continuing with ${model} after ${count}.`, true);
  if (!stdout.isTerminal) return;
  const [prompt, answer] = messages.slice(-2);
  if (prompt?.role !== 'user' || answer?.role !== 'assistant') return;
  stdout.print(`${PROMPT}${textOfContent(prompt.content).replaceAll('\n', '\n  ')}\n`);
  const writer = createTextWriter(stdout);
  await stdout.writeAnswer(await writer.text(textOfContent(answer.content)));
  await stdout.writeAnswer(await writer.end());
  stdout.print('\n');
}
