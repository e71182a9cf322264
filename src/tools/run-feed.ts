import { StreamTruncatedError } from '../errors.js';
import { PENDING, type Poll, toPromise, type Wake } from '../pull/poll.js';
import { ByteList } from '../sse/byte-list.js';
import { type ServerSentEvent, SseDecoder } from '../sse/decoder.js';
import { encodeEvent } from '../sse/encode.js';
import { eventsOf } from '../stream/decoded-events.js';
import type { Deadline } from '../transport/deadline.js';
import type { ResponseBody, TransportResponse } from '../transport/port.js';
import { isSuccess } from '../transport/send.js';

/**
 * The server-sent events in the response of a run, one at a time, for the current reader: the stream of a
 * turn, or what is between two turns.
 */
export class RunFeed {
  readonly #response: TransportResponse;
  readonly #decoder: SseDecoder;
  readonly #deadline: Deadline;
  readonly #ready: ServerSentEvent[] = [];
  /** The body as long as it contains no event: a page of a proxy, or JSON. */
  #other: ByteList | undefined = new ByteList();
  #isEnded = false;

  constructor(response: TransportResponse, maxEventBytes: number, deadline: Deadline) {
    this.#response = response;
    this.#decoder = new SseDecoder(maxEventBytes);
    this.#deadline = deadline;
  }

  /** The next event, which stays; null at the end. @throws what the connection fails with. */
  peek(wake: Wake): Poll<ServerSentEvent | null> {
    for (;;) {
      const [next] = this.#ready;
      if (next !== undefined) return next;
      if (this.#isEnded) return null;
      const chunk = this.#response.body.read(wake);
      if (chunk === PENDING) return PENDING;
      this.#isEnded = chunk === null;
      if (chunk !== null) this.#other?.push(chunk);
      this.#ready.push(...eventsOf(this.#decoder, chunk ?? undefined));
      if (this.#ready.length > 0) this.#other = undefined;
    }
  }

  /** Takes the event that `peek` has shown. */
  shift(): void {
    this.#ready.shift();
  }

  /** The next event, between two turns. @throws APITimeoutError where no byte arrives for too long. */
  async next(): Promise<ServerSentEvent | null> {
    const expired = this.#deadline.check('idle');
    if (expired !== undefined) this.cancel(expired);
    const event = await this.#deadline.wait(
      toPromise((wake) => this.peek(wake)),
      'idle',
    );
    this.#deadline.progress();
    return event;
  }

  /** What a body without events is. @throws StreamTruncatedError where there were events. */
  #takeOther(): Uint8Array | null {
    if (this.#other === undefined)
      throw new StreamTruncatedError('the response ended before the run did');
    const { length } = this.#other;
    return length === 0 ? null : this.#other.take();
  }

  cancel(reason: unknown): void {
    this.#deadline.clear();
    this.#response.body.cancel(reason);
  }

  /** The run has ended: keeps the connection for reuse. */
  finish(): void {
    this.#deadline.clear();
    this.#response.body.finish();
  }

  /**
   * A turn as a response of its own: the events up to its `message_stop`.
   * @param other gets every event of millrace.
   */
  turn(other: (event: ServerSentEvent) => boolean): TransportResponse {
    const { head } = this.#response;
    // The body of an error may never end.
    if (!isSuccess(head)) return this.#response;
    const utf8 = new TextEncoder();
    let isStopped = false;
    const read: ResponseBody['read'] = (wake) => {
      for (;;) {
        if (isStopped) return null;
        const event = this.peek(wake);
        if (event === PENDING) return PENDING;
        if (event === null) return this.#takeOther();
        this.shift();
        if (other(event)) continue;
        isStopped = event.event === 'message_stop';
        return utf8.encode(encodeEvent(event));
      }
    };
    return { head, body: { read, cancel: (reason) => this.cancel(reason), finish: () => {} } };
  }
}
