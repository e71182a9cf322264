import { StreamProtocolError } from '../errors.js';

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
    this.#max = Math.min(max, MAX_TEXT_BYTES);
    this.surelyFits = Math.floor(this.#max / MOST_BYTES);
  }

  /** @throws StreamProtocolError when the event has no room for this line. */
  checkLine(line: string): void {
    if (this.#bytes + MOST_BYTES * (this.#units + line.length) > this.#max) {
      this.checkBytes(utf8Length(line));
    }
  }

  /** The same for a line in the making: where the chunks are cut must make no difference. */
  checkBytes(bytes: number): void {
    if (this.#bytes + MOST_BYTES * this.#units + bytes <= this.#max) return;
    this.#count();
    if (this.#bytes + bytes > this.#max) throw tooLarge(this.#max);
  }

  /** The line is one of the event's. */
  add(line: string): void {
    this.#units += line.length;
    // An event has one line, unless it is made to fill the memory.
    if (this.#uncounted.push(line) >= MOST_LINES) this.#count();
  }

  /** The next event begins. */
  reset(): void {
    this.#bytes = 0;
    this.#forget();
  }

  #count(): void {
    this.#bytes += utf8Length(this.#uncounted.join(''));
    this.#forget();
  }

  #forget(): void {
    this.#uncounted.length = 0;
    this.#units = 0;
  }
}

/** Of a UTF-16 unit: a pair of them makes four. */
const MOST_BYTES = 3;

/** How many lines are kept to be counted. */
const MOST_LINES = 64;

/**
 * The longest string that every engine can make, V8's. Text has at most one UTF-16 unit for each byte, so
 * within this no limit lets a string become too long.
 */
export const MAX_TEXT_BYTES = 536_870_888;

function utf8Length(text: string): number {
  return new TextEncoder().encode(text).length;
}

function tooLarge(max: number): StreamProtocolError {
  return new StreamProtocolError(
    `an event of the stream is larger than ${max} bytes; raise maxEventBytes to accept it`,
  );
}
