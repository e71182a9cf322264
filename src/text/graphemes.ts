/**
 * Cuts a text that comes in chunks into graphemes: what a reader sees as one character, surrogate
 * pairs, accents, flags and joined emoji whole. The last one is kept until what follows shows that
 * it is over. Only the one kept is looked at again, so the cost is linear in the text.
 */
export class Graphemes {
  #rest = '';
  #next = 0;

  /** @returns the graphemes that are over. */
  feed(chunk: string): string[] {
    this.#rest += chunk;
    if (this.#rest.length < this.#next) return [];
    // Half a pair would count as what does not join the grapheme before it; the whole pair may.
    const half = HALF.exec(this.#rest)?.[0] ?? '';
    const all = split(this.#rest.slice(0, this.#rest.length - half.length));
    // Nothing joins a line feed: it is over at once.
    const last = all.at(-1)?.endsWith('\n') ? '' : (all.pop() ?? '');
    this.#rest = last + half;
    // A letter with a thousand accents, one a chunk: looked at again when it has doubled.
    this.#next = this.#rest.length > LONG ? this.#rest.length * 2 : 0;
    return all;
  }

  /** What is kept, unless what follows is likely to join it: half a pair, an emoji, a joiner. */
  give(): string[] {
    return JOINS.test(this.#rest) ? [] : this.end();
  }

  /** What is kept. */
  end(): string[] {
    const all = split(this.#rest);
    this.#rest = '';
    this.#next = 0;
    return all;
  }
}

const LONG = 64;
const HALF = /[\ud800-\udbff]$/;
const JOINS =
  /(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Regional_Indicator}|\u200d|\ufe0f|[\ud800-\udbff])$/u;
/** Each character is a grapheme; a carriage return may begin a pair. */
const PLAIN = /^[^\r\u0080-\uffff]*$/;

let segmenter: Intl.Segmenter | undefined;

function split(text: string): string[] {
  if (PLAIN.test(text)) return text.split('');
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}
