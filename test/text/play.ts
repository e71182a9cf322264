import { ManualClock } from '../../src/testing/time/manual-clock.js';
import { type SmoothOptions, smooth } from '../../src/text/smooth.js';

/** A chunk and how long the source takes to give it, in milliseconds. */
export type Chunk = readonly [after: number, text: string];

export interface Piece {
  at: number;
  text: string;
}

export interface Played {
  pieces: Piece[];
  /** When each chunk was read, and how much text had come with it. */
  arrivals: { at: number; end: number }[];
  error: unknown;
  /** Timers that were left behind. */
  pending: number;
}

export interface Script extends SmoothOptions {
  /** What the source throws after its chunks. */
  error?: unknown;
  /** How long the reader takes for each piece. Default 0. */
  busy?: number;
}

export function wait(ms: number, clock: ManualClock): Promise<void> {
  return new Promise((resolve) => clock.setTimeout(resolve, ms));
}

/** Smooths a source that gives chunks in its own time, to the end. No real time passes. */
export async function play(chunks: readonly Chunk[], script: Script = {}): Promise<Played> {
  const { error, busy = 0, ...options } = script;
  const clock = new ManualClock();
  const played: Played = { pieces: [], arrivals: [], error: undefined, pending: 0 };

  async function* source(): AsyncGenerator<string, void> {
    let end = 0;
    for (const [after, text] of chunks) {
      if (after > 0) await wait(after, clock);
      end += text.length;
      played.arrivals.push({ at: clock.now(), end });
      yield text;
    }
    if (error !== undefined) throw error;
  }

  async function read(): Promise<void> {
    for await (const text of smooth(source(), { ...options, clock })) {
      played.pieces.push({ at: clock.now(), text });
      if (busy > 0) await wait(busy, clock);
    }
  }

  let isOver = false;
  const reading = read()
    .catch((thrown) => {
      played.error = thrown;
    })
    .finally(() => {
      isOver = true;
    });
  // The source is asked in promises, not in time.
  await clock.advance(0);
  await clock.advance(1e7);
  if (!isOver) throw new Error('the reader hangs');
  await reading;
  played.pending = clock.pending;
  return played;
}

export async function collect(source: AsyncIterable<string>): Promise<string[]> {
  const pieces: string[] = [];
  for await (const piece of source) pieces.push(piece);
  return pieces;
}

export const textsOf = ({ pieces }: Played): string[] => pieces.map(({ text }) => text);

/** Each piece with its time, as `120 word`. */
export const timesOf = ({ pieces }: Played): string[] =>
  pieces.map(({ at, text }) => `${Math.round(at)} ${text.trim()}`);
