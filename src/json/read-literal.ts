import type { Scan } from './scan.js';

/** Begins a literal: its first letter leaves only one that it can be. */
export function startLiteral(scan: Scan, text: string, at: number): number {
  const letter = text[at];
  scan.state = 'literal';
  scan.literal = letter === 't' ? 'true' : letter === 'f' ? 'false' : 'null';
  scan.matched = 0;
  return readLiteral(scan, text, at);
}

/** Reads on in a literal. */
export function readLiteral(scan: Scan, text: string, at: number): number {
  const { literal } = scan;
  for (; at < text.length && scan.matched < literal.length; at++, scan.matched++) {
    if (text[at] !== literal[scan.matched]) return scan.fail(text, at, literal);
  }
  if (scan.matched === literal.length) scan.finish(literal === 'null' ? null : literal === 'true');
  return at;
}
