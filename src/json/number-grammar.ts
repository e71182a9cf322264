import { byCode } from './by-code.js';

/** What has arrived of a number so far. */
export interface NumberState {
  /** Whether it is a number as it is. */
  readonly canEnd: boolean;
  /** What one more character makes of it, by the code of that character. */
  next: readonly (NumberState | undefined)[];
}

/** Nothing has arrived. */
export const NUMBER: NumberState = grammar();

/** The grammar of RFC 8259, section 6. A table, since numbers are read character by character. */
function grammar(): NumberState {
  const start = state(false);
  const minus = state(false);
  const zero = state(true);
  const integer = state(true);
  const point = state(false);
  const fraction = state(true);
  const e = state(false);
  const sign = state(false);
  const exponent = state(true);

  start.next = byCode({ '-': minus, '0': zero, '123456789': integer });
  minus.next = byCode({ '0': zero, '123456789': integer });
  zero.next = byCode({ '.': point, eE: e });
  integer.next = byCode({ '0123456789': integer, '.': point, eE: e });
  point.next = byCode({ '0123456789': fraction });
  fraction.next = byCode({ '0123456789': fraction, eE: e });
  e.next = byCode({ '+-': sign, '0123456789': exponent });
  sign.next = byCode({ '0123456789': exponent });
  exponent.next = sign.next;
  return start;
}

function state(canEnd: boolean): NumberState {
  return { canEnd, next: [] };
}
