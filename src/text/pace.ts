/** Pieces that came at about the same time. */
interface Group {
  pieces: string[];
  /** How many of them are out. */
  given: number;
  /** When the first of their text came. */
  since: number;
}

interface Arrival {
  /** How much text had come by then, in all. */
  end: number;
  at: number;
}

/**
 * When each piece is due: as evenly as can be while none is out later than `maxDelay` after its
 * first character came. It follows the pace of the source, faster where a deadline asks for it.
 * Pure: it is told the time, in milliseconds.
 */
export class Pace {
  readonly #maxDelay: number;
  /** What comes within a slice shares a deadline, the first one's: few groups, however many chunks. */
  readonly #slice: number;
  readonly #groups: Group[] = [];
  readonly #arrivals: Arrival[] = [];
  #come = 0;
  #cut = 0;
  #given = 0;
  /** When the last piece was due. */
  #last = -Infinity;
  /** No piece is due before. */
  #earliest = -Infinity;
  /** When the last chunk came. */
  #arrived: number | undefined;
  /** Time and pieces of late, older ones counting for less. */
  #time = 0;
  #count = 0;

  constructor(maxDelay: number) {
    this.#maxDelay = maxDelay;
    this.#slice = Number.isFinite(maxDelay) ? maxDelay / SLICES : LONGEST_PAUSE;
  }

  /** A chunk came, and ended some pieces. */
  add(chunk: string, pieces: readonly string[], now: number): void {
    // It may ask for a quicker pace from now on, not for the time before it.
    if (this.due > now) this.#earliest = now;
    this.#come += chunk.length;
    const last = this.#arrivals.at(-1);
    if (last !== undefined && now - last.at <= this.#slice) last.end = this.#come;
    else this.#arrivals.push({ end: this.#come, at: now });
    this.#measure(pieces.length, now);
    this.cut(pieces);
  }

  /** Pieces are over, without more text. */
  cut(pieces: readonly string[]): void {
    for (const piece of pieces) {
      const since = this.#arrivals[0]?.at ?? -Infinity;
      this.#cut += piece.length;
      while ((this.#arrivals[0]?.end ?? Infinity) <= this.#cut) this.#arrivals.shift();
      const group = this.#groups.at(-1);
      if (group !== undefined && since - group.since <= this.#slice) group.pieces.push(piece);
      else this.#groups.push({ pieces: [piece], given: 0, since });
    }
  }

  /** How much text has arrived and is not out, in UTF-16 code units. */
  get held(): number {
    return this.#come - this.#given;
  }

  /** Whether more text is of use to a reader who is busy: not if what is held is already due. */
  mayReadAhead(now: number): boolean {
    const oldest = this.#groups[0]?.since ?? this.#arrivals[0]?.at ?? now;
    return this.held <= MOST_HELD && now - oldest < this.#maxDelay;
  }

  /** When the text that is in no piece yet must be out; Infinity if there is none. */
  get restDue(): number {
    if (this.#groups.length === 0 && this.held > MOST_HELD) return -Infinity;
    return (this.#arrivals[0]?.at ?? Infinity) + this.#maxDelay;
  }

  /** When the next piece is due; Infinity if there is none. */
  get due(): number {
    if (this.#groups.length === 0) return Infinity;
    let pause = Math.min(LONGEST_PAUSE, this.#count > 0 ? this.#time / this.#count : Infinity);
    let count = 0;
    for (const { pieces, given, since } of this.#groups) {
      count += pieces.length - given;
      pause = Math.min(pause, (since + this.#maxDelay - this.#last) / count);
    }
    return Math.max(this.#earliest, this.#last + pause);
  }

  /** All that is due, and what is too much to hold, in one; '' if nothing is. */
  take(now: number): string {
    let text = '';
    while (this.#groups.length > 0) {
      const { due } = this;
      if (due > now && this.held <= MOST_HELD) break;
      this.#last = Math.min(due, now);
      text += this.#shift();
    }
    return text;
  }

  /** All there is. */
  takeAll(): string {
    let text = '';
    while (this.#groups.length > 0) text += this.#shift();
    return text;
  }

  #shift(): string {
    const [group] = this.#groups;
    const piece = group?.pieces[group.given++] ?? '';
    if (group?.given === group?.pieces.length) this.#groups.shift();
    this.#given += piece.length;
    return piece;
  }

  #measure(count: number, now: number): void {
    if (this.#arrived !== undefined) {
      // A silence that is too long to be bridged says nothing about the pace.
      const gap = Math.min(now - this.#arrived, this.#maxDelay);
      this.#time = this.#time * FADE + gap;
      this.#count = this.#count * FADE + count;
    }
    this.#arrived = now;
  }
}

/** More text than this is not smoothed, nor read ahead: some pages, in UTF-16 code units. */
const MOST_HELD = 16_384;
const LONGEST_PAUSE = 100;
const SLICES = 50;
const FADE = 0.95;
