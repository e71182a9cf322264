import { StreamProtocolError } from '../errors.js';
import { ByteList } from '../sse/byte-list.js';
import type { SizeLimits } from '../transport/size-limits.js';

/** How much is kept of a body that is neither events nor JSON: for the error, which shows its start. */
const EXCERPT_BYTES = 4_096;

const OPENING_BRACE = 0x7b;
/** White space, and the bytes of a byte order mark. */
const BLANKS: ReadonlySet<number> = /* @__PURE__ */ new Set([
  0x09, 0x0a, 0x0d, 0x20, 0xef, 0xbb, 0xbf,
]);

/** The start of a body that contains no event so far. All of it is kept only as long as it can be JSON. */
export class OtherBody {
  readonly #bytes = new ByteList();
  readonly #limits: SizeLimits;
  #isJson: boolean | undefined;

  constructor(limits: SizeLimits) {
    this.#limits = limits;
  }

  /** @throws StreamProtocolError where it is JSON over the limit. */
  push(chunk: Uint8Array): void {
    if (this.#isJson === undefined) {
      const start = chunk.findIndex((byte) => !BLANKS.has(byte));
      if (start === -1) return;
      this.#isJson = chunk[start] === OPENING_BRACE;
      chunk = chunk.subarray(start);
    }
    if (!this.#isJson) {
      const room = EXCERPT_BYTES - this.#bytes.length;
      // A copy: a view would keep the whole chunk.
      if (room > 0) this.#bytes.push(chunk.slice(0, room));
      return;
    }
    const { maxEventBytes, maxMessageBytes } = this.#limits;
    const max = Math.min(maxEventBytes, maxMessageBytes);
    if (this.#bytes.length + chunk.length > max) {
      const name = max === maxEventBytes ? 'maxEventBytes' : 'maxMessageBytes';
      throw new StreamProtocolError(
        `the body is JSON of more than ${max} bytes, not an event stream; raise ${name} to accept it`,
      );
    }
    this.#bytes.push(chunk);
  }

  text(): string {
    return new TextDecoder().decode(this.#bytes.take());
  }
}
