import type { Message } from '../../index.js';

/** What is measured of one answer; times in milliseconds. */
export interface Timing {
  firstToken: number | undefined;
  total: number;
}

/** Over less time a speed says nothing. */
const LEAST_MEASURED_MS = 100;

/** One line about an answer: model, tokens, speed, why it stopped, which request it was. */
export function closingLine(
  message: Message | undefined,
  { firstToken, total }: Timing,
  requestId: string | undefined,
): string {
  if (message === undefined) return `no answer after ${seconds(total)}`;
  const { input_tokens, output_tokens, cache_read_input_tokens } = message.usage;
  const cached = cache_read_input_tokens ? ` (${cache_read_input_tokens} cached)` : '';
  const writing = total - (firstToken ?? total);
  return [
    message.model,
    `${input_tokens} tokens in${cached}, ${output_tokens} out`,
    firstToken === undefined ? '' : `first token after ${seconds(firstToken)}`,
    writing >= LEAST_MEASURED_MS ? `${Math.round((output_tokens * 1000) / writing)} tokens/s` : '',
    message.stop_reason ?? 'cut off',
    requestId ?? '',
  ]
    .filter((part) => part !== '')
    .join(' · ');
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;
