import { DELTAS } from '../../../src/message/kinds.js';
import type { UntypedBlock, UntypedDelta } from '../../../src/message/untyped.js';

/** What a block is drawn and described as. */
export type BlockFamily = 'text' | 'thinking' | 'tool' | 'result';

/** One content block over time: what it said at any event. */
export class BlockTrack {
  readonly index: number;
  readonly start: UntypedBlock;
  readonly family: BlockFamily;
  /** The number of the event that started it, and of the one that stopped it. */
  readonly from: number;
  to: number | undefined;
  /** A recovery discarded it. */
  discardedAt: number | undefined;
  readonly #pieces: string[] = [];
  /** For each piece, the number of its event, and the length of the text up to its end. */
  readonly #events: number[] = [];
  readonly #ends: number[] = [];
  #text = '';
  #joined = 0;

  constructor(index: number, start: UntypedBlock, from: number) {
    this.index = index;
    this.start = start;
    this.from = from;
    this.family = familyOf(start.type);
  }

  /** A short name: the type, or that of the tool. */
  get label(): string {
    const { name, type } = this.start;
    return typeof name === 'string' && name !== '' ? name : type;
  }

  /** Whether its deltas are JSON. */
  get isJson(): boolean {
    return this.family === 'tool';
  }

  add(delta: UntypedDelta, event: number): void {
    const kind = DELTAS.get(delta.type);
    if (kind?.join !== 'append' && kind?.join !== 'json') return;
    const piece = String(delta[kind.brings] ?? '');
    this.#pieces.push(piece);
    this.#events.push(event);
    this.#ends.push((this.#ends.at(-1) ?? 0) + piece.length);
  }

  /** The text, or the JSON of an input, after the first `seen` events of the response. */
  textAt(seen: number): string {
    if (this.#joined < this.#pieces.length) {
      this.#text += this.#pieces.slice(this.#joined).join('');
      this.#joined = this.#pieces.length;
    }
    const pieces = countUpTo(this.#events, seen - 1);
    return this.#text.slice(0, this.#ends[pieces - 1] ?? 0);
  }
}

const FAMILIES: ReadonlyMap<string, BlockFamily> = new Map([
  ['text', 'text'],
  ['thinking', 'thinking'],
  ['redacted_thinking', 'thinking'],
]);

function familyOf(type: string): BlockFamily {
  return FAMILIES.get(type) ?? (type.endsWith('tool_use') ? 'tool' : 'result');
}

/** How many of the sorted numbers are at most `most`. */
export function countUpTo(numbers: readonly number[], most: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] as number) <= most) low = middle + 1;
    else high = middle;
  }
  return low;
}
