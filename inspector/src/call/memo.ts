import type { Call } from './call.js';

/** What is derived of a call, once for each state of it: moving the cursor derives nothing. */
export function memo<T>(derive: (call: Call) => T): (call: Call) => T {
  const known = new WeakMap<Call, { version: string; value: T }>();
  return (call) => {
    const { version } = call;
    const before = known.get(call);
    if (before?.version === version) return before.value;
    const value = derive(call);
    known.set(call, { version, value });
    return value;
  };
}
