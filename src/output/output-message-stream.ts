import { forCaller } from '../pull/caller-stack.js';
import { MessageStream } from '../stream/message-stream.js';
import type { EventSource, SourceOwner } from '../stream/source.js';
import type { AbortSignals } from '../transport/on-abort.js';
import type { AnyMessage } from '../wire/beta.js';
import type { Message } from '../wire/message.js';
import { OutputStream } from './output-stream.js';

/** What a stream needs of its format. */
interface OutputParser<Output> {
  parse(message: AnyMessage, requestId?: string): Promise<Output>;
}

/**
 * A MessageStream whose params have an `outputFormat(schema)`: it parses the text. `Input` is what the model
 * writes, `Output` what the schema parses it to.
 */
export class OutputMessageStream<
  Output = unknown,
  Input = Output,
  M extends AnyMessage = Message,
> extends MessageStream<M> {
  /**
   * The output so far, each time there is more of it; `onValue` for its finished parts. Each `for await`
   * over it is a separate reader.
   */
  readonly outputStream: OutputStream<Input>;
  readonly #format: OutputParser<Output>;
  #output: Promise<Output> | undefined;

  /** @internal Made by `client.messages.stream()`. */
  constructor(
    open: (owner: SourceOwner) => EventSource,
    signals: AbortSignals,
    format: OutputParser<Output>,
  ) {
    super(open, signals);
    this.#format = format;
    this.outputStream = new OutputStream(this as unknown as MessageStream<AnyMessage>, () =>
      this.getFinalOutput(),
    );
  }

  /**
   * Consumes the rest and resolves with the validated output. It is parsed once, however often it is
   * called.
   * @throws OutputError (rejects) where the message isn't the output, or not all of it: a refusal,
   *   `max_tokens`, text that is not JSON or doesn't fit. `getFinalMessage()` still returns the message.
   * @throws AnthropicError (rejects) where the schema itself fails.
   */
  getFinalOutput(): Promise<Output> {
    this.#output ??= this.getFinalMessage().then((message) =>
      this.#format.parse(message, this.requestId),
    );
    return forCaller(this.#output);
  }
}
