import type {
  ContentBlockParam,
  MessageStreamParams,
  StreamOptions,
  Timeouts,
} from '../../index.js';
import type { Values } from '../options/option.js';
import type { GENERATION, NETWORK, PROMPT } from '../options/options.js';
import { readPiped, type Terminal } from '../terminal.js';
import { UsageError } from '../usage-error.js';
import { readFileBlock } from './file-block.js';

/** The content of a user turn. */
export type Content = string | readonly ContentBlockParam[];

/**
 * The prompt: the operands, then what is piped in.
 * @throws UsageError (rejects) if there is neither.
 */
export async function readPrompt(
  operands: readonly string[],
  { stdin }: Terminal,
): Promise<string> {
  const parts = [operands.join(' '), (await readPiped(stdin)).trim()];
  const prompt = parts.filter((part) => part !== '').join('\n\n');
  if (prompt !== '') return prompt;
  throw new UsageError('there is no prompt: write millrace "your question", or pipe one in');
}

/** The files, then the prompt. @throws UsageError (rejects) */
export async function toContent(prompt: string, files: readonly string[]): Promise<Content> {
  if (files.length === 0) return prompt;
  return [
    ...(await Promise.all(files.map((file) => readFileBlock(file)))),
    { type: 'text', text: prompt },
  ];
}

/** The params that the options set: all but the messages. */
export function toParams({
  model,
  'max-tokens': max_tokens,
  temperature,
  thinking,
}: Pick<Values<typeof PROMPT>, 'model'> & Values<typeof GENERATION>): Omit<
  MessageStreamParams,
  'messages'
> {
  return {
    model,
    max_tokens,
    ...(temperature === undefined ? {} : { temperature }),
    // Without `display` newer models send thinking without its text.
    ...(thinking ? { thinking: { type: 'adaptive', display: 'summarized' } } : {}),
  };
}

export function toStreamOptions({
  timeout,
  'max-retries': maxRetries,
  recover,
}: Pick<Values<typeof NETWORK>, 'timeout' | 'max-retries' | 'recover'>): StreamOptions {
  return { timeout: mergeTimeouts(timeout), maxRetries, recover };
}

export function mergeTimeouts(timeouts: readonly Timeouts[]): Timeouts {
  return Object.assign({}, ...timeouts);
}
