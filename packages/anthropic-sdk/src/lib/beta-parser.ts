import type { Anthropic as Core } from 'millrace';
import type { ParsedContentBlock, ParsedMessage } from './parser.js';

export type { AutoParseableOutputFormat as AutoParseableBetaOutputFormat } from './parser.js';
export {
  maybeParseMessage as maybeParseBetaMessage,
  parseMessage as parseBetaMessage,
} from './parser.js';
export type ParsedBetaMessage<ParsedT> = ParsedMessage<ParsedT, Core.Beta.BetaMessage>;
export type ParsedBetaContentBlock<ParsedT> = ParsedContentBlock<
  ParsedT,
  Core.Beta.BetaMessage['content'][number]
>;
