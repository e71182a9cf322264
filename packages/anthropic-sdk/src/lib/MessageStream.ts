import type { Anthropic as Core } from 'millrace';
import { BaseMessageStream } from './base-message-stream.js';
import { fromJsonLines } from './from-json-lines.js';
import type { ParsedMessage } from './parser.js';
import type { StreamEvents } from './stream-events.js';

export type MessageStreamEvents<ParsedT = null> = StreamEvents<
  Core.Message,
  Core.RawMessageStreamEvent,
  ParsedMessage<ParsedT>
>;

/** The stream of `client.messages.stream()`. */
export class MessageStream<ParsedT = null> extends BaseMessageStream<
  Core.Message,
  Core.RawMessageStreamEvent,
  ParsedMessage<ParsedT>,
  Core.MessageParam
> {
  /** The stream that `toReadableStream()` made. */
  static fromReadableStream(stream: ReadableStream): MessageStream {
    return new MessageStream(fromJsonLines(stream), null);
  }
}
