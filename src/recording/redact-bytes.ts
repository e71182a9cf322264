/** Blanks what is secret in a text, and keeps its length. */
export type Blank = (text: string, secrets: readonly string[]) => string;

/** What JSON can have outside its strings. Secrets that consist of it are numbers to others. */
const JSON_OUTSIDE_STRINGS = /^[\s\d[\]{},:.eE+-]*$/;

/**
 * Blanks secrets in a body, in place: in JSON and in the `data` of events in its strings, whatever their escapes, so
 * that it stays JSON; in other lines anywhere. Linear in the bytes.
 */
export function redactBytes(bytes: Uint8Array, secrets: readonly string[], blank: Blank): void {
  const utf8 = new TextEncoder();
  // A character for each byte, so that positions match.
  const byteDecoder = new TextDecoder('windows-1252');
  const inBytes = secrets.map((secret) => byteDecoder.decode(utf8.encode(secret)));
  const known = [...new Set([...secrets, ...inBytes])];
  const text = byteDecoder.decode(bytes);
  const isJson = startsJson(text);
  for (let start = 0; start < text.length; ) {
    const feed = text.indexOf('\n', start);
    const end = feed === -1 ? text.length : feed;
    const line = text.slice(start, end);
    const redaction = new LineRedaction(line, bytes.subarray(start, end), known, blank);
    redaction.run(isJson || startsJson(line.startsWith('data:') ? line.slice(5) : line));
    start = end + 1;
  }
}

const startsJson = (text: string): boolean => /^\s*[[{]/.test(text);

class LineRedaction {
  readonly #line: string;
  readonly #bytes: Uint8Array;
  readonly #secrets: readonly string[];
  readonly #blank: Blank;

  constructor(line: string, bytes: Uint8Array, secrets: readonly string[], blank: Blank) {
    this.#line = line;
    this.#bytes = bytes;
    this.#secrets = secrets;
    this.#blank = blank;
  }

  run(isJson: boolean): void {
    const line = this.#line;
    const outside = isJson
      ? this.#secrets.filter((secret) => !JSON_OUTSIDE_STRINGS.test(secret))
      : this.#secrets;
    if (!isJson) this.#redact(line, outside, (at) => at);
    for (let at = 0; at < line.length; ) {
      const quote = line.indexOf('"', at);
      const open = quote === -1 ? line.length : quote;
      if (isJson) this.#redact(line.slice(at, open), outside, (index) => at + index);
      at = this.#redactString(open + 1) + 1;
    }
  }

  /** @param start after the opening quote. @returns where the string ends. */
  #redactString(start: number): number {
    const line = this.#line;
    const characters: string[] = [];
    const starts: number[] = [];
    let at = start;
    while (at < line.length && line[at] !== '"') {
      starts.push(at);
      const [character, length] = readCharacter(line, at);
      characters.push(character);
      at += length;
    }
    starts.push(at);
    this.#redact(characters.join(''), this.#secrets, (index) => starts[index] as number);
    return at;
  }

  /** @param toByte the position in the line for one in the text, or right behind it. */
  #redact(text: string, secrets: readonly string[], toByte: (index: number) => number): void {
    const blanked = this.#blank(text, secrets);
    if (blanked === text) return;
    for (let at = 0; at < text.length; at++) {
      if (blanked[at] !== text[at]) this.#bytes.fill(ASTERISK, toByte(at), toByte(at + 1));
    }
  }
}

const ASTERISK = 0x2a;

/** A character in a JSON string. @returns it, and its length with the escape. */
function readCharacter(line: string, at: number): [character: string, length: number] {
  const character = line[at] as string;
  if (character !== '\\' || at + 1 >= line.length) return [character, 1];
  const escaped = line[at + 1] as string;
  const hex = line.slice(at + 2, at + 6);
  if (escaped === 'u' && /^[\da-f]{4}$/i.test(hex)) {
    return [String.fromCharCode(Number.parseInt(hex, 16)), 6];
  }
  return [ESCAPES.get(escaped) ?? escaped, 2];
}

const ESCAPES: ReadonlyMap<string, string> = /* @__PURE__ */ new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['b', '\b'],
  ['f', '\f'],
]);
