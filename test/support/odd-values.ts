function fails(): never {
  throw new Error('not for you');
}

function revoked(): unknown {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
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
  ['a revoked proxy', revoked],
  ['a thenable that throws', () => Object.defineProperty({}, 'then', { value: fails })],
  ['an object whose then throws', () => Object.defineProperty({}, 'then', { get: fails })],
  ['a symbol', () => Symbol('odd')],
  ['undefined', () => undefined],
  ['null', () => null],
  ['a string', () => 'text'],
];
