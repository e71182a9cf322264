const SIZE = 1 << 20;

/** How many characters are encoded at a time. */
const BATCH = 65_536;

/** Encodes many small texts: a buffer and a call of the encoder for each would cost more than its bytes. */
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

  /** The bytes of each text. */
  encodeAll(texts: readonly string[]): Uint8Array[] {
    const batches: string[][] = [];
    let size = BATCH;
    for (const text of texts) {
      if (size >= BATCH) {
        batches.push([]);
        size = 0;
      }
      batches.at(-1)?.push(text);
      size += text.length;
    }
    return batches.flatMap((batch) => this.#encodeBatch(batch));
  }

  #encodeBatch(texts: readonly string[]): Uint8Array[] {
    const text = texts.join('');
    const bytes = this.encode(text);
    const isAscii = bytes.length === text.length;
    // A half that ends one text, and one that begins the next, would be one character here.
    if (!isAscii && texts.some((one) => HALF.test(one))) {
      return texts.map((one) => this.encode(one));
    }
    const sizes = texts.map((one) => (isAscii ? one.length : sizeInUtf8(one)));
    let at = 0;
    return sizes.map((size) => {
      const from = at;
      at += size;
      return bytes.subarray(from, at);
    });
  }
}

/** Half of a character of two units, without the other. */
const HALF = /\p{Cs}/u;

function sizeInUtf8(text: string): number {
  let size = text.length;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    // Each half of a pair is two of its four bytes.
    if (unit >= 0x80) size += unit < 0x800 || (unit >= 0xd800 && unit < 0xe000) ? 1 : 2;
  }
  return size;
}
