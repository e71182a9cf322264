import type { Broadcast } from '../pull/broadcast.js';
import { Emitter, type Listener } from './emitter.js';
import { pulls } from './listeners.js';

type Heard = Pick<Broadcast<never, never>, 'ending' | 'readAhead' | 'readAheadUntilRead'>;

/** The listeners of a message stream: they make it read, and late ones get what they have missed. */
export class MessageEmitter extends Emitter {
  readonly #broadcast: Heard;
  readonly #missed: () => Readonly<Record<string, unknown[] | undefined>>;
  /** `end` listeners were called. */
  #isReported = false;

  /** @param missed what listeners that are added after the end are told, by name. */
  constructor(broadcast: Heard, missed: () => Readonly<Record<string, unknown[] | undefined>>) {
    super();
    this.#broadcast = broadcast;
    this.#missed = missed;
  }

  /** @throws AnthropicError for an unknown event name. */
  listen(name: string, listener: Listener, once: boolean): void {
    const isReader = pulls(name);
    this.add(name, listener, once);
    const isLate = this.#isLateFor(name);
    queueMicrotask(() => {
      if (isLate) this.#catchUp(name, listener);
      // It may have been removed again.
      else if (!this.includes(name, listener)) return;
      else if (isReader) this.#broadcast.readAhead();
      else this.#broadcast.readAheadUntilRead();
    });
  }

  /**
   * The same for a source that blocks. A listener never makes it read: adding one must not block the
   * thread. After the end it is called at once.
   */
  listenNow(name: string, listener: Listener, once: boolean): void {
    pulls(name); // Unknown names are refused.
    this.add(name, listener, once);
    if (this.#isLateFor(name)) this.#catchUp(name, listener);
  }

  /** Calls the `end` listeners. */
  end(): void {
    this.#isReported = true;
    this.emit('end');
  }

  /** An `error` listener can add one for the end, which is still to come. */
  #isLateFor(name: string): boolean {
    return name === 'end' ? this.#isReported : this.#broadcast.ending !== undefined;
  }

  /** For a listener that was added after the end. */
  #catchUp(name: string, listener: Listener): void {
    const args = this.#missed()[name];
    if (args !== undefined) this.emitTo(listener, name, args);
  }
}
