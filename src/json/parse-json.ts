import { MAX_DOCUMENT_DEPTH, MAX_NODES } from './limits.js';

const QUOTE = 0x22;
const COLON = 0x3a;
const BACKSLASH = 0x5c;

/** `{` and `}`; `[` and `]` have the same code without this bit. */
const OPENING = 0x7b;
const CLOSING = 0x7d;
const SQUARE = 0x20;

/**
 * JSON.parse for text that others wrote. JSON.parse itself handles any nesting; most of what is done with
 * the value doesn't.
 * @throws RangeError where it is nested too deep, or has too many values: its message says so, after "it" or
 * "an event that"; SyntaxError where it isn't JSON.
 */
export function parseJson(text: string, maxDepth: number = MAX_DOCUMENT_DEPTH): unknown {
  // A shorter text can't be over a limit: nearly none is scanned.
  if (text.length > maxDepth) assertBounded(text, maxDepth);
  return JSON.parse(text);
}

function assertBounded(text: string, maxDepth: number): void {
  let depth = 0;
  let nodes = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = endOfString(text, at + 1);
    } else if (code === COLON) {
      nodes++;
    } else if ((code | SQUARE) === OPENING) {
      nodes++;
      if (++depth > maxDepth) {
        throw new RangeError(`is nested more than ${maxDepth} levels deep`);
      }
    } else if ((code | SQUARE) === CLOSING) {
      depth--;
    }
    if (nodes > MAX_NODES) {
      throw new RangeError(`has more than ${MAX_NODES} objects, arrays and properties`);
    }
  }
}

function endOfString(text: string, at: number): number {
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at;
    if (code === BACKSLASH) at++;
  }
  return at;
}
