import { endsInHalf } from './ends-in-half.js';
import type { Scan } from './scan.js';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const FIRST_PLAIN = 0x20;

/** What may follow a backslash, and what it means, in one order. */
const ESCAPES = '"\\/bfnrt';
const MEANINGS = '"\\/\b\f\n\r\t';

/** Begins a string at its opening quote. */
export function startString(scan: Scan, text: string, at: number): number {
  scan.state = 'string';
  scan.text = '';
  return readString(scan, text, at + 1);
}

/** Reads on in a string: all that stands for itself, and what stopped that. */
export function readString(scan: Scan, text: string, at: number): number {
  const end = endOfPlain(text, at);
  if (end > at) append(scan, text.slice(at, end));
  if (end === text.length) return end;
  const code = text.charCodeAt(end);
  if (code === QUOTE) endString(scan);
  else if (code === BACKSLASH) scan.state = 'escape';
  else return scan.fail(text, end, 'control characters in a string to be escaped');
  return end + 1;
}

/** Reads the character after a backslash. */
export function readEscape(scan: Scan, text: string, at: number): number {
  const character = text.charAt(at);
  const place = ESCAPES.indexOf(character);
  if (place !== -1) {
    append(scan, MEANINGS.charAt(place));
    scan.state = 'string';
  } else if (character === 'u') {
    scan.state = 'unicode';
    scan.hex = '';
  } else return scan.fail(text, at);
  return at + 1;
}

/** Reads on in the four digits after `\u`. */
export function readUnicode(scan: Scan, text: string, at: number): number {
  const digits = text.slice(at, at + 4 - scan.hex.length);
  const wrong = digits.search(/[^0-9a-fA-F]/);
  if (wrong !== -1) return scan.fail(text, at + wrong);
  scan.hex += digits;
  if (scan.hex.length === 4) {
    append(scan, String.fromCharCode(Number.parseInt(scan.hex, 16)));
    scan.state = 'string';
  }
  return at + digits.length;
}

function endOfPlain(text: string, at: number): number {
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE || code === BACKSLASH || code < FIRST_PLAIN) break;
  }
  return at;
}

function append(scan: Scan, piece: string): void {
  const isHalf = endsInHalf(piece);
  scan.text += scan.held + (isHalf ? piece.slice(0, -1) : piece);
  scan.held = isHalf ? piece.slice(-1) : '';
}

function endString(scan: Scan): void {
  const whole = scan.text + scan.held;
  scan.held = '';
  if (scan.isKey) scan.finishKey(whole);
  else scan.finish(whole);
}
