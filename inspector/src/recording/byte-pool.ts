const SIZE = 1 << 20;

/** Encodes many small texts: a buffer for each would cost more than its bytes. */
export class BytePool {
  readonly #encoder = new TextEncoder();
  #room = new Uint8Array();

  encode(text: string): Uint8Array {
    const most = text.length * 3;
    if (most > SIZE / 4) return this.#encoder.encode(text);
    if (most > this.#room.length) this.#room = new Uint8Array(SIZE);
    const { written } = this.#encoder.encodeInto(text, this.#room);
    const bytes = this.#room.subarray(0, written);
    this.#room = this.#room.subarray(written);
    return bytes;
  }
}
