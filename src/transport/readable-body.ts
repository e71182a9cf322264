import type { Readable } from 'node:stream';
import { closeAfterGrace } from './finish.js';
import type { ResponseBody } from './port.js';
import { ReadAhead } from './read-ahead.js';

/** What is known of a stream of Node beyond what all have. */
export interface BodySource {
  stream: Readable;
  /** Closes it: the rest is not wanted. */
  close(): void;
  /** Whether an `end` is the end of the body: a broken stream of HTTP/2 ends, too. */
  isWhole?(): boolean;
  /** What a failure is thrown as. */
  describe(error: unknown): unknown;
}

/** A body that Node delivers as a stream. */
export class ReadableBody extends ReadAhead implements ResponseBody {
  readonly #source: BodySource;

  constructor(source: BodySource) {
    const { stream } = source;
    super(stream);
    this.#source = source;
    stream.on('data', this.push);
    stream.on('end', () => {
      if (source.isWhole?.() ?? true) this.end();
      else this.#cut();
    });
    stream.on('error', (error) => this.fail(error));
    stream.on('close', () => this.#cut());
  }

  /** Also called after the end. An error that no one gets would cost a short stream 2 %. */
  #cut(): void {
    if (!this.closed) this.fail(new Error('the connection was closed'));
  }

  /** The connection failed. Only the first reason counts. */
  override fail(error: unknown): void {
    if (this.closed) return;
    const stream = this.#source.stream.off('data', this.push);
    // What the stream still holds arrived before the failure, and would be dropped.
    for (let rest = stream.read(); rest !== null; rest = stream.read()) this.push(rest);
    super.fail(this.#source.describe(error));
  }

  cancel(reason: unknown): void {
    super.fail(reason);
    this.#source.close();
  }

  finish(): void {
    if (this.closed) return;
    this.#source.stream.once(
      'close',
      closeAfterGrace(() => this.#source.close()),
    );
    this.discard();
  }
}
