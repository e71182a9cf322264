/**
 * Sets an own property as JSON.parse does: `__proto__` is a key like any other, and nothing that
 * Object.prototype has, such as a setter, gets in the way.
 */
export function setOwn(
  object: Record<string, unknown>,
  key: string | number,
  value: unknown,
): void {
  if (key in Object.prototype) {
    const attributes = { writable: true, enumerable: true, configurable: true };
    Object.defineProperty(object, key, { value, ...attributes });
  } else object[key] = value;
}

/** A copy of an object's own fields. Not a spread: V8 takes a third longer to add a field to one afterwards. */
export function copyOwn<T extends Record<string, unknown>>(object: T): T {
  // But assigning a field of this name would change the prototype.
  return Object.hasOwn(object, '__proto__') ? { ...object } : Object.assign({}, object);
}
