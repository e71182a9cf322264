import type { InflateRaw } from 'node:zlib';
import { type Bytes, DecoderOutput } from './through.js';

/**
 * The content of gzip, member by member. What follows the last member is ignored: `zlib`'s own decoder
 * takes it for a broken member, and drops what came before it in the same chunk.
 * @param createInflate makes the decoder of one member's content.
 */
export async function* gunzip(bytes: Bytes, createInflate: () => InflateRaw): Bytes {
  const input = new Input(bytes);
  if (!(await skipHeader(input))) throw new Error('the body is not gzip: incorrect header check');
  do {
    yield* member(input, createInflate());
    await input.skip(TRAILER_BYTES);
  } while (await skipHeader(input));
}

const TRAILER_BYTES = 8;

async function* member(input: Input, inflate: InflateRaw): Bytes {
  const output = new DecoderOutput(inflate);
  try {
    for (let chunk = await input.chunk(); chunk !== undefined; chunk = await input.chunk()) {
      const before = inflate.bytesWritten;
      yield* output.of(chunk);
      const taken = inflate.bytesWritten - before;
      if (taken === chunk.length) continue;
      input.unread(chunk.subarray(taken));
      return;
    }
    yield* output.rest();
  } finally {
    inflate.destroy();
  }
}

/** RFC 1952, section 2.3. @returns false where what follows is no member. */
async function skipHeader(input: Input): Promise<boolean> {
  for (const byte of MAGIC) if ((await input.byte()) !== byte) return false;
  const flags = (await input.byte()) ?? 0;
  await input.skip(6); // Time, level, system.
  if (flags & FEXTRA)
    await input.skip(((await input.byte()) ?? 0) + 256 * ((await input.byte()) ?? 0));
  if (flags & FNAME) await input.skipText();
  if (flags & FCOMMENT) await input.skipText();
  if (flags & FHCRC) await input.skip(2);
  return true;
}

const MAGIC = [0x1f, 0x8b, 8] as const;
const FHCRC = 2;
const FEXTRA = 4;
const FNAME = 8;
const FCOMMENT = 16;

/** Bytes to read in any amount. */
class Input {
  readonly #bytes: Bytes;
  #chunk: Uint8Array = new Uint8Array();

  constructor(bytes: Bytes) {
    this.#bytes = bytes;
  }

  /** What is left of the current chunk, else the next one; undefined at the end. */
  async chunk(): Promise<Uint8Array | undefined> {
    while (this.#chunk.length === 0) {
      const { done, value } = await this.#bytes.next();
      if (done) return undefined;
      this.#chunk = value;
    }
    const chunk = this.#chunk;
    this.#chunk = new Uint8Array();
    return chunk;
  }

  unread(rest: Uint8Array): void {
    this.#chunk = rest;
  }

  async byte(): Promise<number | undefined> {
    const chunk = await this.chunk();
    if (chunk !== undefined) this.unread(chunk.subarray(1));
    return chunk?.[0];
  }

  async skip(count: number): Promise<void> {
    for (let i = 0; i < count; i++) await this.byte();
  }

  /** Up to and with the next zero. */
  async skipText(): Promise<void> {
    while (await this.byte());
  }
}
