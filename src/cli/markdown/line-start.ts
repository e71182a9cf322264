import { type Fence, readFence } from '../answer/fence.js';

/** What the start of a line says of it. */
export type LineStart =
  /** More of the line is needed. */
  | { kind: 'undecided' }
  /** A block quote: what follows the mark is the start of a line again. */
  | { kind: 'quote'; rest: string }
  | { kind: 'table' }
  | { kind: 'heading' }
  /** @property shown what replaces the mark. @property rest the text after it. */
  | { kind: 'item'; shown: string; rest: string }
  | { kind: 'text' };

/** A longer start is text: each of its characters costs a scan of the whole start. */
const MAX_START = 200;

/** Could still become a mark. */
const UNDECIDED = /^ *(?:#{0,6}|[-*_]+|\+|\d{1,9}[.)]?|`{1,2}|~{1,2})$/;

/** Decides the kind of a line as soon as its characters do. */
export function readLineStart(held: string): LineStart {
  if (held.length > MAX_START) return { kind: 'text' };
  if (UNDECIDED.test(held) || readBlockFence(held) !== undefined) return { kind: 'undecided' };
  if (/^ {0,3}#{1,6} $/.test(held)) return { kind: 'heading' };
  if (/^ *\|/.test(held)) return { kind: 'table' };
  const [, quote] = /^ {0,3}>(.*)$/.exec(held) ?? [];
  // The space after the mark belongs to it.
  if (quote === '') return { kind: 'undecided' };
  if (quote !== undefined) return { kind: 'quote', rest: quote.replace(/^ /, '') };
  const [, indent = '', mark] = /^( *)([-*+]|\d{1,9}[.)]) $/.exec(held) ?? [];
  if (mark === undefined) return { kind: 'text' };
  return { kind: 'item', shown: `${indent}${mark.length === 1 ? '•' : mark} `, rest: '' };
}

/** The fence that opens a code block; a line that is indented further is text. */
export function readBlockFence(line: string): (Fence & { language: string }) | undefined {
  const fence = readFence(line);
  if (fence === undefined) return undefined;
  const [, language = ''] = /^[`~]+\s*([\w+#.-]*)/.exec(line.trimStart()) ?? [];
  return { ...fence, language };
}

/** A line of dashes, asterisks or underscores. */
export function isRule(line: string): boolean {
  return line.length <= MAX_START && /^ {0,3}(?:-{3,}|\*{3,}|_{3,}) *$/.test(line);
}
