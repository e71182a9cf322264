import { concat } from './concat.js';

/** The object for a piece below this takes more memory than its bytes. */
const SMALL = 256;
/** So many small pieces in a row become one. */
const MOST_SMALL = 64;

/** Bytes that wait for more of them, whatever the sizes that they come in. */
export class ByteList {
  #parts: Uint8Array[] = [];
  /** How many of the last parts are small, and how long they are together. */
  #small = 0;
  #smallBytes = 0;
  /** In bytes. */
  length = 0;

  push(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#parts.push(bytes);
    this.length += bytes.length;
    this.#count(bytes);
    if (this.#small >= MOST_SMALL) this.#joinSmall();
  }

  /** All of them, and the last ones, as one; the list is empty afterwards. */
  take(last?: Uint8Array): Uint8Array {
    if (last !== undefined && last.length > 0) {
      this.#parts.push(last);
      this.length += last.length;
    }
    const [first] = this.#parts;
    const whole =
      this.#parts.length === 1 && first !== undefined ? first : concat(this.#parts, this.length);
    this.#parts = [];
    this.length = 0;
    this.#small = 0;
    this.#smallBytes = 0;
    return whole;
  }

  #count({ length }: Uint8Array): void {
    this.#small = length < SMALL ? this.#small + 1 : 0;
    this.#smallBytes = length < SMALL ? this.#smallBytes + length : 0;
  }

  /** A joined part may be small itself, and is joined again then: a byte is copied two or three times. */
  #joinSmall(): void {
    const small = this.#parts.splice(-this.#small);
    const joined = concat(small, this.#smallBytes);
    this.#small = 0;
    this.#smallBytes = 0;
    this.#parts.push(joined);
    this.#count(joined);
  }
}
