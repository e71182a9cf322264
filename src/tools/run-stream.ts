import { checkOptions } from '../check-options.js';
import type { AnthropicError } from '../errors.js';
import { markHandled } from '../pull/mark-handled.js';
import { loadChunk } from '../stream/load-chunk.js';
import { MessageStream } from '../stream/message-stream.js';
import {
  RECEIVED_OPTIONS,
  type ReceivedOptions,
  ReceivedSource,
  receivedResponse,
} from '../stream/received-source.js';
import { systemClock } from '../transport/clock.js';
import { Deadline } from '../transport/deadline.js';
import type { TransportResponse } from '../transport/port.js';
import { sizeLimits } from '../transport/size-limits.js';
import { DEFAULT_TIMEOUTS, withTimeout } from '../transport/timeouts.js';
import type { AnyMessage } from '../wire/beta.js';
import type { ToolUseBlock } from '../wire/blocks.js';
import type { Message } from '../wire/message.js';
import { Run } from './run.js';
import { RunFeed } from './run-feed.js';
import type { RunLoop } from './run-loop.js';
import type { ParamOf } from './runner-options.js';

/**
 * A run of tools that goes on elsewhere, such as on your server: what `runner.toResponse()` sends, read as the
 * runner itself. `close()` ends the connection.
 */
export class RunStream<M extends AnyMessage = Message> extends Run<M> {
  readonly #feed: RunFeed;
  readonly #options: ReceivedOptions;
  readonly #abort = new AbortController();
  #loop: RunLoop<M, MessageStream<M>> | undefined;
  /** @internal */
  protected readonly loading: Promise<RunLoop<M, MessageStream<M>>>;
  /** @internal */
  protected latest: MessageStream<M> | undefined;

  /** @internal Made by `RunStream.from()`. */
  constructor(response: TransportResponse, options: ReceivedOptions) {
    super(options.signal);
    checkOptions(options, RECEIVED_OPTIONS);
    const limits = withTimeout(DEFAULT_TIMEOUTS, options.timeout);
    const deadline = new Deadline(limits, systemClock, (error) => this.#feed.cancel(error));
    this.#options = options;
    this.#feed = new RunFeed(response, sizeLimits(options).maxEventBytes, deadline);
    this.loading = markHandled(this.#load(new Deadline(limits, systemClock, () => {})));
  }

  /**
   * The run in a response that was fetched, made by `runner.toResponse()`. A response with one message, such as
   * `stream.toResponse()` makes, is a run of one turn.
   *
   * The run fails with the same class of error that ended it at the other end; a response that is cut off
   * fails with StreamTruncatedError.
   * @throws AnthropicError for an invalid option.
   */
  static from<M extends AnyMessage = Message>(
    received: Response | ReadableStream<Uint8Array>,
    options: ReceivedOptions = {},
  ): RunStream<M> {
    return new RunStream<M>(receivedResponse(received, 'RunStream.from()'), options);
  }

  /**
   * What the run has produced so far, ready to send: responses, and a result for each call; with
   * `toResponse({ history: true })` after the messages that it began with. It changes when a turn is
   * complete; arrays that were handed out don't.
   */
  get messages(): ParamOf<M>[] {
    return [...(this.#loop?.messages ?? [])] as ParamOf<M>[];
  }

  get deferredToolCalls(): ToolUseBlock[] {
    return [...(this.#loop?.deferred ?? [])];
  }

  get usage(): M['usage'] | undefined {
    return this.#loop?.usage as M['usage'] | undefined;
  }

  async #load(deadline: Deadline): Promise<RunLoop<M, MessageStream<M>>> {
    try {
      const chunk = import('./received-loop.js');
      const { ReceivedLoop } = await loadChunk('RunStream', chunk, deadline);
      const open = (response: TransportResponse): MessageStream<M> => {
        const { signal: _, ...options } = this.#options;
        this.latest = new MessageStream<M>(
          (owner) => new ReceivedSource(response, options, owner),
          [this.#abort.signal],
        );
        return this.latest;
      };
      this.#loop = new ReceivedLoop<M, MessageStream<M>>({ ...this.end, feed: this.#feed, open });
      return this.#loop;
    } catch (error) {
      throw this.end.failed(error);
    }
  }

  /** @internal */
  protected stop(error: AnthropicError, reason: unknown): void {
    this.#abort.abort(reason);
    this.#feed.cancel(error);
  }

  /** @internal */
  protected wireOptions(): { history: readonly unknown[]; keepUnsignedThinking: boolean } {
    return { history: this.messages, keepUnsignedThinking: false };
  }
}
