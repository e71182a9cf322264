import { concat } from './concat.js';

/** Pieces below this are copied into blocks: the object for each would take more memory than its bytes. */
const SMALL = 256;
const BLOCK = 4_096;

/** Bytes that wait for more of them, whatever the sizes that they come in. */
export class ByteList {
  #parts: Uint8Array[] = [];
  #length = 0;
  /** What the latest small pieces are copied into. */
  #block: Uint8Array | undefined;
  #used = 0;

  get length(): number {
    return this.#length;
  }

  push(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#length += bytes.length;
    if (bytes.length >= SMALL) {
      this.#closeBlock();
      this.#parts.push(bytes);
      return;
    }
    if (this.#block !== undefined && this.#used + bytes.length > BLOCK) this.#closeBlock();
    // The first piece of a short line needs no more than its own size.
    this.#block ??= new Uint8Array(this.#parts.length === 0 ? SMALL : BLOCK);
    if (this.#used + bytes.length > this.#block.length) this.#closeBlock();
    this.#block ??= new Uint8Array(BLOCK);
    this.#block.set(bytes, this.#used);
    this.#used += bytes.length;
  }

  /** All of them, and the last ones, as one; the list is empty afterwards. */
  take(last?: Uint8Array): Uint8Array {
    this.#closeBlock();
    if (last !== undefined && last.length > 0) {
      this.#parts.push(last);
      this.#length += last.length;
    }
    const [first] = this.#parts;
    const whole =
      this.#parts.length === 1 && first !== undefined ? first : concat(this.#parts, this.#length);
    this.clear();
    return whole;
  }

  clear(): void {
    this.#parts = [];
    this.#length = 0;
    this.#block = undefined;
    this.#used = 0;
  }

  #closeBlock(): void {
    if (this.#block !== undefined) this.#parts.push(this.#block.subarray(0, this.#used));
    this.#block = undefined;
    this.#used = 0;
  }
}
