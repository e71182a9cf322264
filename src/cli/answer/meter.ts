import type { MessageStreamEvent } from '../../index.js';
import type { Timing } from './closing-line.js';

/** Measures an answer, from when it is made. */
export class Meter {
  readonly #since = performance.now();
  #firstToken: number | undefined;

  see(event: MessageStreamEvent): void {
    if (event.type === 'content_block_delta') this.#firstToken ??= performance.now() - this.#since;
  }

  get timing(): Timing {
    return { firstToken: this.#firstToken, total: performance.now() - this.#since };
  }
}
