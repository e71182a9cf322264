import type { Replies } from '../../src/testing/index.js';

/** One thing that Python's streaming interface does, and what does it here. */
export interface Row {
  /** In Python. It names the row. */
  python: string;
  /** What the documents promise of it: `document: promise`. */
  promises?: readonly string[];
  /** With `Anthropic`. It may use what programs.ts declares. */
  awaiting: string | None;
  /** With `SyncAnthropic`. Default: the same code without `await`. */
  blocking?: string | None;
  /** What the server answers. Default: `Hello, world.` */
  replies?: Replies;
  /** What both programs print, all of it. */
  prints: string | RegExp;
  /** What differs from Python, in Markdown. Default: nothing. */
  differs?: string;
}

/** There is no such code, and why. */
export interface None {
  none: string;
}

export interface Section {
  title: string;
  /** What its code uses, in Markdown. */
  intro?: string;
  rows: readonly Row[];
}

export type Client = 'awaiting' | 'blocking';

/** The code of a row for a client; undefined where there is none. */
export function codeOf(row: Row, client: Client): string | undefined {
  const code = client === 'awaiting' ? row.awaiting : (row.blocking ?? withoutAwait(row));
  return typeof code === 'string' ? code : undefined;
}

function withoutAwait({ awaiting }: Row): string | None {
  return typeof awaiting === 'string' ? awaiting.replace(/\bawait /g, '') : awaiting;
}
