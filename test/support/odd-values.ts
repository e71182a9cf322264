function fails(): never {
  throw new Error('not for you');
}

/** Values that nothing can be done with: whatever is thrown by callbacks may be one of them. */
export const ODD_VALUES: readonly [what: string, make: () => unknown][] = [
  ['an object without a prototype', () => Object.create(null)],
  ['a throwing toString', () => ({ toString: fails })],
  [
    'an error with a throwing message',
    () => Object.defineProperty(new Error('x'), 'message', { get: fails }),
  ],
  [
    'a proxy that throws at everything',
    () => new Proxy({}, { get: fails, has: fails, getPrototypeOf: fails, ownKeys: fails }),
  ],
  ['a symbol', () => Symbol('odd')],
  ['undefined', () => undefined],
  ['null', () => null],
  ['a string', () => 'text'],
];
