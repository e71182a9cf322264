import { byCode } from './by-code.js';
import { readLiteral, startLiteral } from './read-literal.js';
import { readNumber, startNumber } from './read-number.js';
import { readEscape, readString, readUnicode, startString } from './read-string.js';
import type { Scan, State } from './scan.js';

/** Reads on from `at`, as far as its state or the fragment goes. @returns where to go on. */
type Reader = (scan: Scan, text: string, at: number) => number;

/** A reader for each of the characters of a key. */
type Table = Readonly<Record<string, Reader>>;

const SPACE: Table = { ' \t\n\r': (_scan, _text, at) => at + 1 };

const VALUE: Table = {
  ...SPACE,
  '"': startString,
  '[': (scan, text, at) => scan.open('array', text, at),
  '{': (scan, text, at) => scan.open('object', text, at),
  '-0123456789': startNumber,
  tfn: startLiteral,
};

const KEY: Table = { ...SPACE, '"': startKey };

/** The grammar of RFC 8259: for each state, what may come and who reads it. */
export const READERS: Readonly<Record<State, Reader>> = {
  value: oneOf(VALUE),
  firstElement: oneOf({ ...VALUE, ']': close }),
  firstKey: oneOf({ ...KEY, '}': close }),
  key: oneOf(KEY),
  colon: oneOf({ ...SPACE, ':': (scan, text, at) => scan.colon(text, at) }),
  afterElement: oneOf({ ...SPACE, ',': goTo('value'), ']': close }),
  afterProperty: oneOf({ ...SPACE, ',': goTo('key'), '}': close }),
  string: readString,
  escape: readEscape,
  unicode: readUnicode,
  number: readNumber,
  literal: readLiteral,
  done: oneOf(SPACE),
  invalid: (_scan, text) => text.length,
};

function oneOf(table: Table): Reader {
  const readers = byCode(table);
  return (scan, text, at) => {
    const reader = readers[text.charCodeAt(at)];
    return reader === undefined ? scan.fail(text, at) : reader(scan, text, at);
  };
}

function startKey(scan: Scan, text: string, at: number): number {
  scan.isKey = true;
  return startString(scan, text, at);
}

function close(scan: Scan, _text: string, at: number): number {
  scan.close();
  return at + 1;
}

function goTo(state: State): Reader {
  return (scan, _text, at) => {
    scan.state = state;
    return at + 1;
  };
}
