import type { OutputFormat } from '../output/format.js';
import type { EventSource, SourceOwner } from '../stream/source.js';
import type { AbortSignals } from '../transport/on-abort.js';
import type { AnyMessage } from '../wire/beta.js';
import type { Message } from '../wire/message.js';
import { SyncMessageStream } from './sync-message-stream.js';
import { SyncOutputStream } from './sync-output-stream.js';

/**
 * A SyncMessageStream whose params have an `outputFormat(schema)`: it parses the text. `Input` is what the
 * model writes, `Output` what the schema parses it to.
 */
export class SyncOutputMessageStream<
  Output = unknown,
  Input = Output,
  M extends AnyMessage = Message,
> extends SyncMessageStream<M> {
  /**
   * The output so far, each time there is more of it; `onValue` for its finished parts. Each `for` over it
   * is a separate reader.
   */
  readonly outputStream: SyncOutputStream<Input>;
  readonly #format: Pick<OutputFormat<Output>, 'parseSync'>;
  #output: { value: Output } | { error: unknown } | undefined;

  /** @internal Made by `client.messages.stream()`. */
  constructor(
    open: (owner: SourceOwner) => EventSource,
    signals: AbortSignals | undefined,
    format: Pick<OutputFormat<Output>, 'parseSync'>,
  ) {
    super(open, signals);
    this.#format = format;
    this.outputStream = new SyncOutputStream(this as unknown as SyncMessageStream<AnyMessage>, () =>
      this.getFinalOutput(),
    );
  }

  /**
   * Consumes the rest and returns the validated output. It is parsed once, however often it is called.
   * @throws OutputError where the message isn't the output, or not all of it: a refusal, `max_tokens`, text
   *   that is not JSON or doesn't fit. `getFinalMessage()` still returns the message.
   * @throws AnthropicError where the schema validates asynchronously.
   */
  getFinalOutput(): Output {
    const message = this.getFinalMessage();
    this.#output ??= this.#parse(message);
    if ('error' in this.#output) throw this.#output.error;
    return this.#output.value;
  }

  #parse(message: M): { value: Output } | { error: unknown } {
    try {
      return { value: this.#format.parseSync(message, this.requestId) };
    } catch (error) {
      return { error };
    }
  }
}
