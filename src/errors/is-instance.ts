/**
 * `instanceof` over all copies of the package: a program has two where a bundler includes one and leaves
 * an entry external. In another copy the same class is the one of the same name, below its AnthropicError.
 */
export function isInstance(value: unknown, prototype: object): boolean {
  const name = nameIn(prototype);
  let isSame = false;
  try {
    for (let of = value; of; ) {
      of = Object.getPrototypeOf(of);
      if (of === prototype) return true;
      const other = nameIn(of);
      isSame ||= other === name;
      if (name && isSame && other === 'AnthropicError') return true;
    }
  } catch {
    // A proxy that throws: anything can be thrown, so anything is asked.
  }
  return false;
}

/** What the getter `name` of a prototype returns; undefined where it has none itself. */
function nameIn(prototype: unknown): unknown {
  try {
    return Object.getOwnPropertyDescriptor(prototype, 'name')?.get?.call(prototype);
  } catch {
    // One of another library, for instances only.
    return undefined;
  }
}
