import type { ServerSentEvent } from '../../../src/sse/decoder.js';
import { toCount } from '../show/duration.js';

const LF = 0x0a;
const CR = 0x0d;
const COLON = 0x3a;
const SPACE = 0x20;
const DATA_COLON = [...'data:'].map((character) => character.charCodeAt(0));

/** What is unusual in how a response writes its events; the client reads it all the same. */
export class Framing {
  #bytes = 0;
  #chunks = 0;
  /** The last byte so far. */
  #last = LF;
  /** The chunks that end in the middle of a line. */
  #cut = 0;
  #crLf = 0;
  #cr = 0;
  #hasBom = false;
  #comments = 0;
  #tight = 0;
  #events = 0;
  #unnamed = 0;
  #split = 0;
  #starts = 0;
  #isOpen = false;

  push(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    if (this.#bytes === 0 && bytes[0] === 0xef && bytes[1] === 0xbb) this.#hasBom = true;
    this.#bytes += bytes.length;
    this.#chunks++;
    if (isLineEnd(this.#last)) this.#line(bytes, 0);
    for (let at = bytes.indexOf(LF); at !== -1; at = bytes.indexOf(LF, at + 1)) {
      if ((at === 0 ? this.#last : bytes[at - 1]) === CR) this.#crLf++;
      this.#line(bytes, at + 1);
    }
    for (let at = bytes.indexOf(CR); at !== -1; at = bytes.indexOf(CR, at + 1)) {
      this.#cr++;
      if (bytes[at + 1] !== LF) this.#line(bytes, at + 1);
    }
    this.#last = bytes[bytes.length - 1] as number;
    if (!isLineEnd(this.#last)) this.#cut++;
  }

  event({ event, data }: ServerSentEvent): void {
    this.#events++;
    if (event === '') this.#unnamed++;
    if (data.includes('\n')) this.#split++;
    if (/^\s*\{\s*"type"\s*:\s*"message_start"/.test(data)) this.#starts++;
  }

  /** @param isOpen whether the last event had no blank line after it. */
  end(isOpen: boolean): void {
    this.#isOpen = isOpen;
  }

  /** One sentence each. */
  get oddities(): string[] {
    const size = Math.round(this.#bytes / Math.max(1, this.#chunks));
    const rows: [boolean, string][] = [
      [this.#hasBom, 'It begins with a byte order mark.'],
      [this.#crLf > 0, 'Its lines end with CRLF.'],
      [this.#cr > this.#crLf, 'Its lines end with CR.'],
      [this.#comments > 0, `It has ${count(this.#comments, 'comment')}.`],
      [this.#tight > 0, 'Its fields have no space after the colon.'],
      [this.#unnamed > 0, `${count(this.#unnamed, 'event')} came without a name.`],
      [this.#split > 0, `${count(this.#split, 'event')} came in several data lines.`],
      [this.#starts > 1, `message_start came ${this.#starts} times.`],
      [this.#isOpen, 'No blank line follows the last event.'],
      [this.#events === 0 && this.#bytes > 0, 'The body is no event stream.'],
      [
        this.#cut > 2 && this.#cut > this.#chunks / 3,
        `It came in pieces of about ${count(size, 'byte')}, cut in the middle of events.`,
      ],
    ];
    return rows.filter(([is]) => is).map(([, sentence]) => sentence);
  }

  /** A line begins here. One that is cut is not looked at: there are others. */
  #line(bytes: Uint8Array, at: number): void {
    if (bytes[at] === COLON) this.#comments++;
    const next = bytes[at + DATA_COLON.length];
    if (next === undefined || next === SPACE || isLineEnd(next)) return;
    if (DATA_COLON.every((byte, number) => bytes[at + number] === byte)) this.#tight++;
  }
}

const isLineEnd = (byte: number): boolean => byte === LF || byte === CR;

export function count(number: number, what: string): string {
  return `${toCount(number)} ${what}${number === 1 ? '' : 's'}`;
}
