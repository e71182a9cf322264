import type { Anthropic as Core } from 'millrace';
import { BaseMessageStream } from './base-message-stream.js';
import type { ParsedBetaMessage } from './beta-parser.js';
import { fromJsonLines } from './from-json-lines.js';
import type { StreamEvents } from './stream-events.js';

export type MessageStreamEvents<ParsedT = null> = StreamEvents<
  Core.Beta.BetaMessage,
  Core.Beta.BetaRawMessageStreamEvent,
  ParsedBetaMessage<ParsedT>
>;

/** The stream of `client.beta.messages.stream()`. */
export class BetaMessageStream<ParsedT = null> extends BaseMessageStream<
  Core.Beta.BetaMessage,
  Core.Beta.BetaRawMessageStreamEvent,
  ParsedBetaMessage<ParsedT>,
  Core.Beta.BetaMessageParam
> {
  /** The stream that `toReadableStream()` made. */
  static fromReadableStream(stream: ReadableStream): BetaMessageStream {
    return new BetaMessageStream(fromJsonLines(stream), null);
  }
}
