import { EventTooLargeError } from './too-large.js';

/**
 * Holds the `data:` lines of one event, and any one line, to a number of bytes. Lines are text here,
 * and to count their bytes costs: it is put off until it could make a difference.
 */
export class SizeLimit {
  readonly #max: number;
  #bytes = 0;
  /** Lines that are not in `#bytes` yet, and their length in UTF-16 units. */
  readonly #uncounted: string[] = [];
  #units = 0;

  /** Lines of this length together are within the limit, whatever their characters. */
  readonly surelyFits: number;

  constructor(max: number) {
    this.#max = max;
    this.surelyFits = Math.floor(max / MOST_BYTES);
  }

  /** @throws EventTooLargeError when the event has no room for this line. */
  checkLine(line: string): void {
    if (this.#bytes + MOST_BYTES * (this.#units + line.length) > this.#max) {
      this.checkBytes(utf8Length(line));
    }
  }

  /** The same for a line in the making: where the chunks are cut must make no difference. */
  checkBytes(bytes: number): void {
    if (this.#bytes + MOST_BYTES * this.#units + bytes <= this.#max) return;
    for (const line of this.#uncounted) this.#bytes += utf8Length(line);
    this.#forget();
    if (this.#bytes + bytes > this.#max) throw new EventTooLargeError(this.#max);
  }

  /** The line is one of the event's. */
  add(line: string): void {
    this.#uncounted.push(line);
    this.#units += line.length;
  }

  /** The next event begins. */
  reset(): void {
    this.#bytes = 0;
    this.#forget();
  }

  #forget(): void {
    this.#uncounted.length = 0;
    this.#units = 0;
  }
}

/** Of a UTF-16 unit: a pair of them makes four. */
const MOST_BYTES = 3;

function utf8Length(text: string): number {
  return new TextEncoder().encode(text).length;
}
