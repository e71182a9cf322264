import { SEMCONV_1_45 } from './names-1.45.js';
import type { Names, TokenCount, TokenMetric } from './names-table.js';

const USAGE: Readonly<Record<TokenCount, string>> = {
  input: 'input_tokens',
  output: 'output_tokens',
  cacheRead: 'cache_read.input_tokens',
  cacheWrite: 'cache_write.input_tokens',
  reasoning: 'reasoning.output_tokens',
};

/** Those of the repository semantic-conventions-genai, where the conventions have moved. */
export const LATEST: Names = {
  attributes: {
    ...SEMCONV_1_45.attributes,
    cacheWriteTokens: 'gen_ai.usage.cache_write.input_tokens',
  },
  durations: {
    inference: 'gen_ai.client.inference.duration',
    other: 'gen_ai.client.operation.duration',
    timeToFirstChunk: 'gen_ai.client.inference.time_to_first_chunk',
    timePerOutputChunk: 'gen_ai.client.inference.time_per_output_chunk',
  },
  tokens: [
    ...Object.entries(USAGE).map(
      ([of, name]): TokenMetric => ({
        ...{ name: `gen_ai.client.inference.usage.${name}`, kind: 'counter' },
        of: of as TokenCount,
        // The API counts all kinds of content together.
        attributes: { 'gen_ai.token.modality': 'unknown' },
      }),
    ),
    ...(['input', 'output'] as const).map(
      (of): TokenMetric => ({
        ...{ name: `gen_ai.client.inference.operation.${of}_tokens`, kind: 'histogram', of },
      }),
    ),
  ],
  unfinished: 'error',
};
