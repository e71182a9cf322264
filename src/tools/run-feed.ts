import { PENDING, type Poll, toPromise, type Wake } from '../pull/poll.js';
import type { ServerSentEvent } from '../sse/decoder.js';
import type { Deadline } from '../transport/deadline.js';
import type { ResponseBody, TransportResponse } from '../transport/port.js';
import { isSuccess } from '../transport/success.js';
import type { RunSource } from './run-source.js';

/**
 * The server-sent events of a run, one at a time, for the current reader: the stream of a turn, or what is between
 * two turns.
 */
export class RunFeed {
  readonly #source: RunSource;
  readonly #deadline: Deadline;
  /** The event that `peek` has shown. */
  #next: ServerSentEvent | null | undefined;

  /** @param deadline limits what is between two turns. */
  constructor(source: RunSource, deadline: Deadline) {
    this.#source = source;
    this.#deadline = deadline;
  }

  /** The next event, which stays; null at the end. @throws what the connection fails with. */
  peek(wake: Wake): Poll<ServerSentEvent | null> {
    for (;;) {
      const next = this.#piece(wake);
      if (next !== undefined) return next;
    }
  }

  /** Takes the event that `peek` has shown. */
  shift(): void {
    this.#next = undefined;
  }

  /** The next event, between two turns. @throws APITimeoutError where no byte arrives for too long. */
  async next(): Promise<ServerSentEvent | null> {
    for (;;) {
      const expired = this.#deadline.check('idle');
      if (expired !== undefined) this.cancel(expired);
      const piece = toPromise((wake) => this.#piece(wake));
      const event = await this.#deadline.wait(piece, 'idle');
      // A comment is life as well: a tool may run, or a person be asked, for hours.
      this.#deadline.progress();
      if (event !== undefined) return event;
    }
  }

  #piece(wake: Wake): Poll<ServerSentEvent | undefined | null> {
    if (this.#next !== undefined) return this.#next;
    const next = this.#source.next(wake);
    if (next !== PENDING) this.#next = next;
    return next;
  }

  cancel(reason: unknown): void {
    this.#deadline.clear();
    this.#source.cancel(reason);
  }

  /** The run has ended: keeps the connection for reuse. */
  finish(): void {
    this.#deadline.clear();
    this.#source.finish();
  }

  /**
   * A turn as a response of its own: the events up to its `message_stop`.
   * @param other gets every event of millrace.
   */
  turn(other: (event: ServerSentEvent) => boolean): TransportResponse {
    const { head, body } = this.#source;
    // The body of an error may never end.
    if (body !== undefined && !isSuccess(head)) return { head, body };
    const utf8 = new TextEncoder();
    let isStopped = false;
    const read: ResponseBody['read'] = (wake) => {
      for (;;) {
        if (isStopped) return null;
        const event = this.peek(wake);
        if (event === PENDING) return PENDING;
        if (event === null) return this.#source.takeOther();
        this.shift();
        if (other(event)) continue;
        isStopped = event.event === 'message_stop';
        // Not `encodeEvent`: with it, a page would load its chunk. What is decoded has no other line breaks.
        const data = event.data.replaceAll('\n', '\ndata: ');
        return utf8.encode(`event: ${event.event}\ndata: ${data}\n\n`);
      }
    };
    return { head, body: { read, cancel: (reason) => this.cancel(reason), finish: () => {} } };
  }
}
