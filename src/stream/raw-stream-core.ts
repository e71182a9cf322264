import { AnthropicError, APIUserAbortError, addContext, asAnthropicError } from '../errors.js';
import { Queue } from '../pull/backlog.js';
import { Broadcast } from '../pull/broadcast.js';
import { Cursor } from '../pull/cursor.js';
import type { Poll, Wake } from '../pull/poll.js';
import { type AbortSignals, endOnAbort } from '../transport/on-abort.js';
import type { ResponseHead } from '../transport/port.js';
import { requestIdOf } from '../transport/to-response.js';

/** Where the items of a raw stream come from. One that blocks never returns PENDING. */
export interface RawSource<T> {
  /** The response, known before the first item. */
  head: () => ResponseHead | undefined;
  next: (wake: Wake) => Poll<T | undefined>;
  cancel: (reason: AnthropicError) => void;
  signals?: AbortSignals;
}

const dropped =
  typeof FinalizationRegistry === 'function'
    ? /* @__PURE__ */ new FinalizationRegistry<{ release(): void }>((core) => core.release())
    : undefined;

/** What happens behind a Stream, awaiting or blocking: items for one reader, or for two with `tee`. */
export class RawStreamCore<T> {
  readonly #source: RawSource<T>;
  readonly #broadcast: Broadcast<T, T>;
  #stopListening = (): void => {};
  #isTaken = false;
  #holders = 0;

  constructor(source: RawSource<T>) {
    this.#source = source;
    this.#broadcast = new Broadcast<T, T>({
      next: source.next,
      accept: (item) => item,
      toError: (thrown) => this.toError(thrown),
      delivered: () => {},
      ended: (error) => {
        this.#stopListening();
        // The stack of an error refers to the objects that it went through, the holder among them: with a stream
        // that ended with one, the registry would hold it forever.
        dropped?.unregister(this);
        if (error !== undefined) source.cancel(error as AnthropicError);
      },
      abandoned: () =>
        this.fail(new APIUserAbortError('the reader left the stream before its end')),
    });
    this.#stopListening = endOnAbort(source.signals ?? [], (error) => this.fail(error));
  }

  /** How it ended; undefined while it goes on. */
  get ending(): { readonly error: unknown } | undefined {
    return this.#broadcast.ending;
  }

  get head(): ResponseHead | undefined {
    return this.#source.head();
  }

  get requestId(): string | undefined {
    return requestIdOf(this.head);
  }

  /** The place of the one reader. @throws AnthropicError where there is a reader already. */
  read(): Cursor<T, T> {
    if (this.#isTaken) {
      throw new AnthropicError(
        'this stream has a reader already: call tee() first to read it twice',
      );
    }
    this.#isTaken = true;
    return this.#cursor();
  }

  /** Two sources of the same items, in place of one reader. */
  tee(): [RawSource<T>, RawSource<T>] {
    const first = this.read();
    return [this.#branch(first), this.#branch(this.#cursor())];
  }

  /** Closes the request once every holder is garbage: a stream that was dropped would stay open. */
  heldBy(holder: object): void {
    this.#holders++;
    dropped?.register(holder, this, this);
  }

  /** A holder is garbage. */
  release(): void {
    this.#holders--;
    if (this.#holders === 0) this.fail(new APIUserAbortError('the stream was dropped unread'));
  }

  fail(error: AnthropicError): void {
    this.#broadcast.end(this.toError(error));
  }

  /** What readers get for what was thrown. */
  toError(thrown: unknown): AnthropicError {
    return addContext(asAnthropicError(thrown), { requestId: this.requestId });
  }

  #cursor(): Cursor<T, T> {
    return new Cursor<T, T>(this.#broadcast, { select: (item) => item, past: () => new Queue() });
  }

  #branch(cursor: Cursor<T, T>): RawSource<T> {
    cursor.join(); // From here on what it does not read is kept.
    return {
      head: this.#source.head,
      next: (wake) => cursor.poll(wake),
      cancel: () => cursor.leave(),
    };
  }
}
