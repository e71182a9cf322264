import { MessageStream } from '../stream/message-stream.js';
import type { NodeResponse } from '../stream/pipe-to.js';
import { SSE_HEADERS, type ToResponseOptions } from '../stream/sse-response.js';
import { traceFollow } from '../trace/relay-trace.js';
import type { AnyMessage } from '../wire/beta.js';
import type { Message } from '../wire/message.js';
import { type HttpFollower, httpFollower, indexAfterId } from './http-follower.js';
import { assertMessage, type HeldLog, LogSource } from './log-source.js';
import type { FollowOptions, RelaySettings } from './options.js';
import { traceLogSource } from './traced-log-source.js';
import { writeLog } from './write-log.js';

/** How a stream is read from its relay. */
export interface RelayedStreamOptions extends FollowOptions, Pick<RelaySettings, 'rotate'> {}

/**
 * A stream that is read from its relay: a MessageStream whose readers come and go without a change for the
 * producer. `close()` leaves; `relay.stop()` stops it for everyone.
 */
export class RelayedStream<M extends AnyMessage = Message> extends MessageStream<M> {
  /** For `relay.follow`, `relay.stop` and `relay.handle`. */
  readonly id: string;

  readonly #open: () => Promise<HeldLog>;
  readonly #options: RelayedStreamOptions;
  readonly #source: LogSource;

  /** @internal Made by `relay.start()` and `relay.follow()`. */
  constructor(id: string, open: () => Promise<HeldLog>, options: RelayedStreamOptions) {
    const { signal, after, client } = options;
    let source: LogSource | undefined;
    super(
      (owner) => {
        source = new LogSource(open, owner, after);
        return traceLogSource(traceFollow(client), source);
      },
      [signal],
    );
    this.id = id;
    this.#open = open;
    this.#options = options;
    this.#source = source as unknown as LogSource;
  }

  /**
   * The id of the last event that was read: `after` of the next `relay.follow()`, and `Last-Event-ID` of a request.
   * Undefined before the first one.
   */
  get lastEventId(): string | undefined {
    return this.#source.lastEventId;
  }

  /**
   * Sends the stream to a ServerResponse of Node as `relay.handle` does, with ids and signs of life, at the pace of the
   * client. With `error` or `expose` the events are sent without ids.
   * @throws AnthropicError (rejects) where the headers are sent already, or for an invalid option.
   */
  override async pipeTo(to: NodeResponse, options: ToResponseOptions = {}): Promise<void> {
    const { error, expose, status, headers } = options;
    const isPlain = error === undefined && expose === undefined && headers === undefined;
    const begun = isPlain && !to.headersSent ? await this.#begin() : undefined;
    if (begun === undefined) return super.pipeTo(to, options);
    to.statusCode = status ?? to.statusCode;
    for (const [name, value] of Object.entries(SSE_HEADERS)) to.setHeader(name, value);
    // The head goes out with the first bytes, in one packet.
    await writeLog(begun.follow(), to);
    if (!to.destroyed) to.end();
  }

  /** Undefined where it can't be followed: the stream has the error. */
  async #begin(): Promise<HttpFollower | undefined> {
    const { after, client, rotate } = this.#options;
    let log: HeldLog | undefined;
    try {
      log = await this.#open();
      assertMessage(log.replica);
      return httpFollower(log, { from: indexAfterId(log.replica, after), rotate, client });
    } catch {
      log?.release();
      return undefined;
    }
  }
}
