import { isDeepStrictEqual } from 'node:util';

/** Fails where two JSON values differ in anything: -0, prototypes, own properties, order of keys. */
export function expectSame(actual: unknown, expected: unknown, context: string): void {
  const isSame =
    isDeepStrictEqual(actual, expected) && JSON.stringify(actual) === JSON.stringify(expected);
  if (isSame) return;
  throw new Error(`${context}: ${JSON.stringify(actual)} is not ${JSON.stringify(expected)}`);
}
