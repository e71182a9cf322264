import { ByteList } from './byte-list.js';

const LF = 0x0a;
const CR = 0x0d;
const BOM = '\ufeff';
const EVENT = 'event: ';
const DATA = 'data: ';

/** Copying less costs less than decoding a chunk in two pieces. */
const LARGE = 4_096;

const NOTHING = /* @__PURE__ */ new Uint8Array();

// Whole lines leave no state behind, so one serves all streams. Made at the first need: jsdom has none.
let utf8: TextDecoder | undefined;

/**
 * Bytes in, lines out, for the line ends LF, CRLF and CR.
 *
 * Only whole lines are decoded, so a character that is split over chunks needs no decoder state; the
 * unfinished tail is kept as bytes and joined once, when its line end arrives.
 */
export class LineReader {
  readonly #tail = new ByteList();
  #text = '';
  /** Whether all line ends in it are LF. */
  #isNormal = true;
  /** Whole lines that follow it. */
  #more = '';
  #at = 0;
  #started = false;
  #beyond = 0;
  #endedWithCr = false;

  /** How many bytes of an unfinished line are waiting for its end. */
  get unfinishedBytes(): number {
    return this.#tail.length;
  }

  /** How many bytes the decoded text took beyond one for each UTF-16 unit, so far. */
  get bytesBeyondUnits(): number {
    return this.#beyond;
  }

  /** Whether nothing at all is waiting here. */
  get isDrained(): boolean {
    return this.#text === '' && this.#tail.length === 0;
  }

  push(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    // The CR that ended the last chunk may be the first half of a CRLF.
    if (this.#endedWithCr && chunk[0] === LF) chunk = chunk.subarray(1);
    this.#endedWithCr = chunk.length > 0 && chunk[chunk.length - 1] === CR;

    if (chunk.length > LARGE && this.#tail.length > 0) {
      // The rest of the line alone: with the whole chunk behind the tail, it would be copied.
      const end = search(chunk, 'indexOf', LF) + 1;
      if (end > 0) {
        this.#add(this.#decode(chunk.subarray(0, end)));
        chunk = chunk.subarray(end);
      }
    }
    const end = endOfLastLine(chunk);
    if (end > 0) {
      // A view costs more than the look whether it is needed, and most chunks end with a line.
      const isWhole = end === chunk.length;
      const lines = this.#decode(isWhole ? chunk : chunk.subarray(0, end));
      this.#add(lines);
      if (isWhole) return;
      chunk = chunk.subarray(end);
    }
    this.#tail.push(chunk);
  }

  /** The next whole line, without its end; undefined when there is none. */
  next(): string | undefined {
    if (!this.#isNormal) this.#normalize();
    const end = this.#text.indexOf('\n', this.#at);
    if (end === -1) return undefined;
    const line = this.#text.slice(this.#at, end);
    this.#goTo(end + 1);
    return line;
  }

  /**
   * What a sticky pattern matches where the next line begins; null for nothing, and for more than `most`
   * UTF-16 units. `skip` takes it. Only LF can be a line end in it.
   */
  match(pattern: RegExp, most: number): RegExpExecArray | null {
    if (this.#text === '') return null;
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    return match === null || match[0].length > most ? null : match;
  }

  /** Goes on behind so many UTF-16 units: whole lines. */
  skip(length: number): void {
    this.#goTo(this.#at + length);
  }

  /**
   * The next event, where it stands here whole in its commonest form: an `event:` line, or none, one
   * `data:` line and a blank one. It saves the strings of the lines, which cost more than the look.
   * @param most how long its lines may be together, in UTF-16 units.
   */
  nextPlainEvent(most: number): { event: string; data: string } | undefined {
    if (!this.#isNormal) this.#normalize();
    const text = this.#text;
    const at = this.#at;
    const endOfName = text.startsWith(EVENT, at) ? text.indexOf('\n', at) : undefined;
    const line = endOfName === undefined ? at : endOfName + 1;
    if (endOfName === -1 || !text.startsWith(DATA, line)) return undefined;
    const start = line + DATA.length;
    const end = text.indexOf('\n', start);
    if (end === -1 || text.charCodeAt(end + 1) !== LF || end - at > most) return undefined;
    this.#goTo(end + 2);
    const event = endOfName === undefined ? '' : text.slice(at + EVENT.length, endOfName);
    return { event, data: text.slice(start, end) };
  }

  /** After the last chunk: what follows the last line end. */
  end(): string {
    return this.#tail.length === 0 ? '' : this.#decode(NOTHING);
  }

  /** Adds whole lines. A large text is no part of another: a look at both would copy it. */
  #add(lines: string): void {
    if (this.#text === '') {
      this.#text = lines;
      // The look for a CR is put off: where `match` finds all events, there is none.
      this.#isNormal = false;
      return;
    }
    this.#normalize();
    const text = normalizeLineEnds(lines);
    if (this.#more !== '' || text.length > LARGE) this.#more += text;
    else {
      this.#text = this.#text.slice(this.#at) + text;
      this.#at = 0;
    }
  }

  #normalize(): void {
    this.#isNormal = true;
    if (!this.#text.includes('\r')) return;
    this.#text = normalizeLineEnds(this.#text.slice(this.#at));
    this.#at = 0;
  }

  /** Text that was read whole is let go: a stream may wait for long. */
  #goTo(at: number): void {
    const isRead = at === this.#text.length;
    this.#at = isRead ? 0 : at;
    if (!isRead) return;
    this.#text = this.#more;
    this.#more = '';
  }

  /** What was kept, and these bytes. */
  #decode(bytes: Uint8Array): string {
    if (this.#tail.length > 0) bytes = this.#tail.take(bytes);
    // ignoreBOM keeps every U+FEFF: only the one at the very start of a stream is dropped, below.
    utf8 ??= new TextDecoder('utf-8', { ignoreBOM: true });
    const text = utf8.decode(bytes);
    this.#beyond += bytes.length - text.length;
    if (this.#started) return text;
    this.#started = true;
    return text.startsWith(BOM) ? text.slice(1) : text;
  }
}

/** So many bytes are looked at one by one: a call of `lastIndexOf`, and a view for it, cost more. */
const FEW = 64;

function endOfLastLine(chunk: Uint8Array): number {
  const { length } = chunk;
  for (let at = length - 1; at >= 0 && at >= length - FEW; at--) {
    if (chunk[at] === LF || chunk[at] === CR) return at + 1;
  }
  if (length <= FEW) return 0;
  const afterLf = search(chunk, 'lastIndexOf', LF) + 1;
  const afterCr = search(chunk.subarray(afterLf), 'lastIndexOf', CR) + 1;
  return afterLf + afterCr;
}

/** In a large array Buffer's search takes a tenth of the time of the typed array's, where there is a Buffer. */
function search(bytes: Uint8Array, method: 'indexOf' | 'lastIndexOf', byte: number): number {
  if (bytes.length <= LARGE) return bytes[method](byte);
  const { Buffer } = globalThis as { Buffer?: { prototype: Uint8Array } };
  return (Buffer?.prototype ?? bytes)[method].call(bytes, byte);
}

function normalizeLineEnds(text: string): string {
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
}
