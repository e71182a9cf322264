/**
 * What `check` gives for each number from 0 to `last`, so many at a time: a listener's queue and the
 * sockets of a process have an end.
 */
export async function inBatches<T>(
  last: number,
  size: number,
  check: (n: number) => Promise<T>,
): Promise<T[]> {
  const results: T[] = [];
  for (let from = 0; from <= last; from += size) {
    const count = Math.min(size, last + 1 - from);
    results.push(...(await Promise.all(Array.from({ length: count }, (_, i) => check(from + i)))));
  }
  return results;
}
