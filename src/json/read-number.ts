import { NUMBER } from './number-grammar.js';
import type { Scan } from './scan.js';

/** Begins a number at its first character. */
export function startNumber(scan: Scan, text: string, at: number): number {
  scan.state = 'number';
  scan.number = NUMBER;
  scan.text = '';
  return readNumber(scan, text, at);
}

/** Reads on in a number, to the character that is not of it: only that ends it. */
export function readNumber(scan: Scan, text: string, at: number): number {
  let { number } = scan;
  let end = at;
  for (; end < text.length; end++) {
    const next = number.next[text.charCodeAt(end)];
    if (next === undefined) break;
    number = next;
  }
  scan.number = number;
  scan.text += text.slice(at, end);
  if (end === text.length) return end;
  if (!number.canEnd) return scan.fail(text, end, 'a digit');
  return scan.finishNumber(text, end);
}
