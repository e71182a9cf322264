import type { Transform } from 'node:stream';

/** The pieces of a body, until it ends or fails. */
export type Bytes = AsyncGenerator<Uint8Array, undefined, undefined>;

/**
 * Bytes through a decoder of `node:zlib`. What was decoded before a failure comes before it: a pipe would
 * drop it.
 */
export async function* through(bytes: Bytes, decoder: Transform): Bytes {
  const output = new DecoderOutput(decoder);
  try {
    for await (const chunk of bytes) {
      yield* output.of(chunk);
      if (output.isEnded) return;
    }
    yield* output.rest();
  } finally {
    decoder.destroy();
  }
}

/** What a decoder makes of one chunk at a time. */
export class DecoderOutput {
  readonly #decoder: Transform;
  #failure: { error: unknown } | undefined;
  #isEnded = false;
  #changed: () => void = () => {};

  constructor(decoder: Transform) {
    this.#decoder = decoder;
    decoder.on('readable', () => this.#changed());
    decoder.on('end', () => {
      this.#isEnded = true;
      this.#changed();
    });
    decoder.on('error', (error) => {
      this.#failure = { error };
      this.#changed();
    });
  }

  /** The decoder takes no more: its format says where it ends. */
  get isEnded(): boolean {
    return this.#isEnded;
  }

  of(chunk: Uint8Array): Bytes {
    let isDone = false;
    this.#decoder.write(chunk, () => {
      isDone = true;
      this.#changed();
    });
    return this.#until(() => isDone);
  }

  /** What the end of the input adds. */
  rest(): Bytes {
    this.#decoder.end();
    return this.#until(() => false);
  }

  async *#until(isDone: () => boolean): Bytes {
    for (;;) {
      const change = new Promise<void>((resolve) => {
        this.#changed = resolve;
      });
      for (let piece = this.#decoder.read(); piece !== null; piece = this.#decoder.read()) {
        yield piece;
      }
      if (this.#failure !== undefined) throw this.#failure.error;
      if (this.#isEnded || isDone()) return;
      await change;
    }
  }
}
