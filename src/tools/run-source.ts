import { StreamTruncatedError } from '../errors.js';
import { PENDING, type Poll, type Wake } from '../pull/poll.js';
import { ByteList } from '../sse/byte-list.js';
import { type ServerSentEvent, SseDecoder } from '../sse/decoder.js';
import type { ResponseBody, ResponseHead, TransportResponse } from '../transport/port.js';

/** Where the events of a run come from: one response, or any number of connections. */
export interface RunSource extends Pick<ResponseBody, 'cancel' | 'finish'> {
  readonly head: ResponseHead;
  /** Where there is one response. */
  readonly body?: ResponseBody;
  /** The next event; undefined for bytes that end none, null at the end. @throws what the connection fails with. */
  next(wake: Wake): Poll<ServerSentEvent | undefined | null>;
  /** What a body without events is. @throws StreamTruncatedError where there were events. */
  takeOther(): Uint8Array | null;
}

/** The events of a run in one response. */
export class ReceivedRun implements RunSource {
  readonly head: ResponseHead;
  readonly body: ResponseBody;
  readonly #decoder: SseDecoder;
  readonly #ready: ServerSentEvent[] = [];
  /** The body as long as it contains no event: a page of a proxy, or JSON. */
  #other: ByteList | undefined = new ByteList();
  #isEnded = false;

  constructor({ head, body }: TransportResponse, maxEventBytes: number) {
    this.head = head;
    this.body = body;
    this.#decoder = new SseDecoder(maxEventBytes);
  }

  next(wake: Wake): Poll<ServerSentEvent | undefined | null> {
    if (this.#ready.length > 0) return this.#ready.shift();
    if (this.#isEnded) return null;
    const chunk = this.body.read(wake);
    if (chunk === PENDING) return PENDING;
    this.#isEnded = chunk === null;
    if (chunk !== null) this.#other?.push(chunk);
    this.#ready.push(...this.#decoder.eventsIn(chunk ?? undefined));
    if (this.#ready.length > 0) this.#other = undefined;
    return this.#ready.shift();
  }

  takeOther(): Uint8Array | null {
    if (this.#other === undefined)
      throw new StreamTruncatedError('the response ended before the run did');
    const { length } = this.#other;
    return length === 0 ? null : this.#other.take();
  }

  cancel(reason: unknown): void {
    this.body.cancel(reason);
  }

  finish(): void {
    this.body.finish();
  }
}
