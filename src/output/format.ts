import type { EventSource, SourceOwner } from '../stream/source.js';
import type { AbortSignals } from '../transport/on-abort.js';
import type { AnyMessage } from '../wire/beta.js';
import type { JSONOutputFormat } from '../wire/params.js';
import type { OutputMessageStream } from './output-message-stream.js';

declare const INPUT: unique symbol;

/**
 * An `output_config.format` that knows its schema. To the API it is `{ type, schema }`.
 * `Input` is what the model writes, `Output` what the schema parses it to.
 */
export interface OutputFormat<Output = unknown, Input = Output> extends JSONOutputFormat {
  /**
   * The output in a finished message, such as one of `messages.create`.
   * @throws OutputError (rejects) where the message isn't the output, or not all of it.
   */
  parse(message: AnyMessage, requestId?: string): Promise<Output>;
  /**
   * The same without a promise.
   * @throws OutputError as `parse` rejects.
   * @throws AnthropicError where the schema validates asynchronously.
   */
  parseSync(message: AnyMessage, requestId?: string): Output;
  /** @internal A stream with this output. Code that uses no format doesn't load the class. */
  open<M extends AnyMessage>(
    open: (owner: SourceOwner) => EventSource,
    signals: AbortSignals,
  ): OutputMessageStream<Output, Input, M>;
  /** For types only: only `outputFormat` makes formats. */
  readonly [INPUT]: Input;
}

/** The format in params, where `outputFormat` made it. */
export function outputFormatIn(params: object): OutputFormat | undefined {
  const { output_config } = params as { output_config?: { format?: Partial<OutputFormat> | null } };
  const format = output_config?.format;
  return typeof format?.open === 'function' ? (format as OutputFormat) : undefined;
}
