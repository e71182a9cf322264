/**
 * Sets an own property as JSON.parse does: `__proto__` is a key like any other, and nothing that
 * Object.prototype has, such as a setter, gets in the way.
 */
export function setOwn(object: Record<string, unknown>, key: string, value: unknown): void {
  if (key in Object.prototype) {
    const attributes = { writable: true, enumerable: true, configurable: true };
    Object.defineProperty(object, key, { value, ...attributes });
  } else object[key] = value;
}
