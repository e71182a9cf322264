/** What has come of a number so far. */
export interface NumberState {
  /** Whether it is a number as it is. */
  readonly canEnd: boolean;
  /** What one more character makes of it, by the code of that character. */
  readonly next: (NumberState | undefined)[];
}

// The grammar of RFC 8259, section 6. A table, since numbers are read character by character.
const minus = state(false);
const zero = state(true);
const integer = state(true);
const point = state(false);
const fraction = state(true);
const e = state(false);
const sign = state(false);
const exponent = state(true);

/** Nothing has come. */
export const NUMBER: NumberState = state(false);

follow(NUMBER, '-', minus);
follow(NUMBER, '0', zero);
follow(NUMBER, '123456789', integer);
follow(minus, '0', zero);
follow(minus, '123456789', integer);
follow(zero, '.', point);
follow(zero, 'eE', e);
follow(integer, '0123456789', integer);
follow(integer, '.', point);
follow(integer, 'eE', e);
follow(point, '0123456789', fraction);
follow(fraction, '0123456789', fraction);
follow(fraction, 'eE', e);
follow(e, '+-', sign);
follow(e, '0123456789', exponent);
follow(sign, '0123456789', exponent);
follow(exponent, '0123456789', exponent);

function state(canEnd: boolean): NumberState {
  return { canEnd, next: new Array(128).fill(undefined) };
}

function follow(from: NumberState, characters: string, to: NumberState): void {
  for (const character of characters) from.next[character.charCodeAt(0)] = to;
}
