import { checkOptions } from '../check-options.js';
import type { AnthropicError } from '../errors.js';
import { markHandled } from '../pull/mark-handled.js';
import type { OpenConnection } from '../stream/follow/followed.js';
import { checkFollow } from '../stream/follow/lazy-follow-source.js';
import { chunkDeadline, loadChunk } from '../stream/load-chunk.js';
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
import { ReceivedRun, type RunSource } from './run-source.js';
import type { ParamOf } from './runner-options.js';

/**
 * A run of tools that goes on elsewhere, such as on your server: what `runner.toResponse()` sends, read as the
 * runner itself. `close()` ends the connection.
 */
export class RunStream<M extends AnyMessage = Message> extends Run<M> {
  readonly #options: ReceivedOptions;
  readonly #abort = new AbortController();
  #source: RunSource | undefined;
  #needed = (): void => {};
  #loop: RunLoop<M, MessageStream<M>> | undefined;
  /** @internal */
  protected readonly loading: Promise<RunLoop<M, MessageStream<M>>>;
  /** @internal */
  protected latest: MessageStream<M> | undefined;

  /** @internal Made by `RunStream.from()` and `RunStream.follow()`. */
  constructor(received: TransportResponse | OpenConnection, options: ReceivedOptions) {
    super(options.signal);
    checkOptions(options, RECEIVED_OPTIONS);
    this.#options = options;
    if (typeof received === 'function') {
      this.loading = markHandled(this.#follow(received));
    } else {
      const source = new ReceivedRun(received, sizeLimits(options).maxEventBytes);
      this.loading = markHandled(this.#load(source, options.timeout));
    }
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
   * A run over any number of connections, such as one of `relay.startRun()`, as `MessageStream.follow` is a message over
   * them: a connection that is lost or silent for 30 s is continued after the last event, and nothing comes twice.
   * Between two turns, where tools run and people are asked, any sign of life is progress. The first connection is
   * made at the first need.
   *
   * The run rejects at once for a response with 400, 401, 403 or 404, with StreamTruncatedError for 204 before its end,
   * and with APITimeoutError where `timeout.stall` passes without progress. `close()` leaves the run, which goes on.
   * @param open sends the request: with `lastEventId` in the header `last-event-id`, where it is not undefined, and with
   * `signal`, which closes it where the platform doesn't. It is called for each connection.
   * @throws AnthropicError for an invalid option.
   */
  static follow<M extends AnyMessage = Message>(
    open: OpenConnection,
    options: ReceivedOptions = {},
  ): RunStream<M> {
    checkFollow('RunStream.follow', open, options);
    return new RunStream<M>(open, options);
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

  async #follow(open: OpenConnection): Promise<RunLoop<M, MessageStream<M>>> {
    await new Promise<void>((resolve) => {
      this.#needed = resolve;
    });
    const { signal } = this.#abort;
    try {
      const chunks = Promise.all([
        import('../stream/follow/follow-source.js'),
        import('./followed-run.js'),
      ]);
      const [{ FollowSource }, { followRun }] = await loadChunk(
        'RunStream.follow',
        chunks,
        this.#clock(),
        [signal],
      );
      const source = await followRun(FollowSource, open, this.#options, signal);
      return await this.#load(source, UNLIMITED);
    } catch (error) {
      throw this.end.failed(error);
    }
  }

  /** @param timeout of the turns, and of what is between them. */
  async #load(
    source: RunSource,
    timeout: ReceivedOptions['timeout'],
  ): Promise<RunLoop<M, MessageStream<M>>> {
    this.#source = source;
    const limits = withTimeout(DEFAULT_TIMEOUTS, timeout);
    const deadline = new Deadline(limits, systemClock, (error) => feed.cancel(error));
    const feed = new RunFeed(source, deadline);
    try {
      const chunk = import('./received-loop.js');
      const { ReceivedLoop } = await loadChunk('RunStream', chunk, this.#clock());
      const open = (response: TransportResponse): MessageStream<M> => {
        const options = { ...this.#options, timeout, signal: undefined };
        this.latest = new MessageStream<M>(
          (owner) => new ReceivedSource(response, options, owner),
          [this.#abort.signal],
        );
        return this.latest;
      };
      this.#loop = new ReceivedLoop<M, MessageStream<M>>({ ...this.end, feed, open });
      return this.#loop;
    } catch (error) {
      throw this.end.failed(error);
    }
  }

  /** For a wait for code. */
  #clock(): Deadline {
    return chunkDeadline({ timeouts: DEFAULT_TIMEOUTS, clock: systemClock }, this.#options);
  }

  /** @internal */
  protected override begun(): void {
    this.#needed();
  }

  /** @internal */
  protected stop(error: AnthropicError, reason: unknown): void {
    this.#abort.abort(reason);
    this.#source?.cancel(error);
  }

  /** @internal */
  protected wireOptions(): { history: readonly unknown[]; keepUnsignedThinking: boolean } {
    return { history: this.messages, keepUnsignedThinking: false };
  }
}

/** The connections have their own clocks. */
const UNLIMITED = { response: Infinity, idle: Infinity, stall: Infinity };
