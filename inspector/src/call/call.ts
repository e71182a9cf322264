import type { Attempt } from '../recording/attempt.js';
import { countUpTo } from '../recording/block-track.js';

/** An event of a call: the request that it answers, and its number there. */
export interface Place {
  readonly attempt: Attempt;
  readonly number: number;
}

/** One call of a client: a request, its retries, and the requests for its rest. */
export class Call {
  /** The file of its first request, and the number of the response there. */
  readonly file: string;
  readonly number: number;
  readonly attempts: Attempt[];
  #times: number[] = [];
  #timesOf = -1;

  constructor(file: string, number: number, attempts: Attempt[]) {
    this.file = file;
    this.number = number;
    this.attempts = attempts;
  }

  get id(): string {
    return `${this.file}#${this.number}`;
  }

  get first(): Attempt {
    return this.attempts[0] as Attempt;
  }

  get last(): Attempt {
    return this.attempts.at(-1) as Attempt;
  }

  /** Another whenever something of it is new. */
  get version(): string {
    return this.attempts
      .map(
        ({ sent, chunks, notes, end, response }) =>
          `${sent?.streamId} ${chunks.length} ${notes.length} ${end?.end} ${response?.status}`,
      )
      .join();
  }

  get isTimed(): boolean {
    return this.first.isTimed;
  }

  get isRunning(): boolean {
    return this.last.end === undefined;
  }

  get runId(): string | undefined {
    return this.first.sent?.runId;
  }

  /** When an attempt began, after the first. */
  offsetOf(attempt: Attempt): number {
    if (!this.isTimed) {
      const at = this.attempts.indexOf(attempt);
      return this.attempts.slice(0, at).reduce((sum, { events }) => sum + events.length, 0);
    }
    return (attempt.sent?.time ?? 0) - (this.first.sent?.time ?? 0);
  }

  /** How many events there are so far. */
  get count(): number {
    return this.attempts.reduce((sum, { events }) => sum + events.length, 0);
  }

  /** When each event was received, after the first request was made. */
  get times(): readonly number[] {
    if (this.attempts.length === 1) return this.first.times;
    if (this.#timesOf !== this.count) {
      this.#timesOf = this.count;
      this.#times = this.attempts.flatMap((attempt) => {
        const offset = this.offsetOf(attempt);
        return attempt.times.map((at) => at + offset);
      });
    }
    return this.#times;
  }

  /** When it ended, or what is the latest of it. */
  get end(): number {
    const ends = this.attempts.map((attempt) => {
      const { notes, end, lastAt } = attempt;
      // Tools run after the end of a stream: they are of the run.
      const isOver = end !== undefined && notes.length === 0;
      return this.offsetOf(attempt) + (isOver ? end.at : lastAt);
    });
    return this.isTimed ? Math.max(...ends) : Math.max(1, this.count);
  }

  placeOf(position: number): Place {
    let before = 0;
    for (const attempt of this.attempts) {
      if (position < before + attempt.events.length) return { attempt, number: position - before };
      before += attempt.events.length;
    }
    return { attempt: this.last, number: this.last.events.length - 1 };
  }

  /** How many events of an attempt are among the first `seen` of the call. */
  seenOf(attempt: Attempt, seen: number): number {
    const before = this.attempts
      .slice(0, this.attempts.indexOf(attempt))
      .reduce((sum, { events }) => sum + events.length, 0);
    return Math.max(0, Math.min(attempt.events.length, seen - before));
  }

  /** How many events were received up to a time. */
  seenAt(time: number): number {
    return countUpTo(this.times, time);
  }
}
