import type { Broadcast } from './broadcast.js';
import type { Cursor } from './cursor.js';

type Watched<E> = Pick<Broadcast<never, E>, 'cursors' | 'ending' | 'onProgress'>;

/**
 * Calls back once every reader of a broadcast has come back for more: it has seen everything so far.
 * After the end nothing is called.
 */
export class CaughtUp<E> {
  readonly #broadcast: Watched<E>;
  #callbacks: (() => void)[] = [];

  constructor(broadcast: Watched<E>) {
    this.#broadcast = broadcast;
    broadcast.onProgress = (asking) => this.#check(asking);
  }

  when(callback: () => void): void {
    this.#callbacks.push(callback);
    this.#check();
  }

  #check(asking?: Cursor<E, unknown>): void {
    if (this.#callbacks.length === 0) return;
    const { cursors, ending } = this.#broadcast;
    if (ending !== undefined) return;
    for (const cursor of cursors) if (cursor !== asking && !cursor.isWaiting) return;
    for (const callback of this.#callbacks.splice(0)) callback();
  }
}
