import type {
  ContentBlockParam,
  MessageStreamParams,
  StreamOptions,
  Timeouts,
} from '../../index.js';
import type { Values } from '../options/option.js';
import type { NETWORK, QUESTION, WRITING } from '../options/options.js';
import { readPiped, type Terminal } from '../terminal.js';
import { UsageError } from '../usage-error.js';
import { fileBlock } from './file-block.js';

/** What a user turn may hold. */
export type Content = string | readonly ContentBlockParam[];

/**
 * The prompt: the operands, then what is piped in.
 * @throws UsageError (rejects) where there is neither.
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

/** A prompt with its files before it. @throws UsageError (rejects) */
export async function contentOf(prompt: string, files: readonly string[]): Promise<Content> {
  if (files.length === 0) return prompt;
  return [...(await Promise.all(files.map(fileBlock))), { type: 'text', text: prompt }];
}

/** The params that the options say, all but the messages. */
export function writingParams({
  model,
  'max-tokens': max_tokens,
  temperature,
  thinking,
}: Pick<Values<typeof QUESTION>, 'model'> & Values<typeof WRITING>): Omit<
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

/** How the request is to be sent. */
export function streamOptions({
  timeout,
  'max-retries': maxRetries,
  recover,
}: Omit<Values<typeof NETWORK>, 'base-url'>): StreamOptions {
  return { timeout: timeoutOf(timeout), maxRetries, recover };
}

export function timeoutOf(given: readonly Timeouts[]): Timeouts {
  return Object.assign({}, ...given);
}
