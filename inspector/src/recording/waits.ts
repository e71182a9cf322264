/** A wait that is worth a notice, in milliseconds; as in the client's channels. */
export const GAP_MS = 1_000;

/** A time without content, after the first. */
export interface Wait {
  /** The number of the event before it. */
  readonly after: number;
  readonly from: number;
  readonly ms: number;
}

/** The waits for content in one response. What is asked of them costs the same for any number of events. */
export class Waits {
  /** Those of `GAP_MS` and more. */
  readonly long: Wait[] = [];
  #longest = 0;
  #count = 0;
  /** How many there are of each length, in whole milliseconds. */
  readonly #lengths = new Map<number, number>();
  /** The latest content. */
  #last: { number: number; at: number } | undefined;

  /** An event that is no ping, from the first content on. */
  content(number: number, at: number): void {
    const wait = this.open(at);
    if (wait !== undefined) this.#add(wait);
    this.#last = { number, at };
  }

  get longest(): number {
    return this.#longest;
  }

  /** The median of those that took any time. */
  get usual(): number {
    let rest = (this.#count + 1) >> 1;
    for (const [ms, count] of [...this.#lengths].sort(([a], [b]) => a - b)) {
      rest -= count;
      if (rest <= 0) return ms;
    }
    return 0;
  }

  /** The wait since the latest content; undefined where none was received. */
  open(now: number): Wait | undefined {
    if (this.#last === undefined) return undefined;
    const { number, at } = this.#last;
    return { after: number, from: at, ms: Math.max(0, now - at) };
  }

  #add(wait: Wait): void {
    const { ms } = wait;
    if (ms > this.#longest) this.#longest = ms;
    if (ms >= GAP_MS) this.long.push(wait);
    if (ms <= 0) return;
    const length = Math.ceil(ms);
    this.#count++;
    this.#lengths.set(length, (this.#lengths.get(length) ?? 0) + 1);
  }
}
