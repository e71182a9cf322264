/**
 * What `check` gives for each number, so many at a time: a listener's queue and the sockets of a
 * process have an end.
 */
export async function inBatches<T>(
  numbers: readonly number[],
  size: number,
  check: (n: number) => Promise<T>,
): Promise<T[]> {
  const results: T[] = [];
  for (let from = 0; from < numbers.length; from += size) {
    results.push(...(await Promise.all(numbers.slice(from, from + size).map(check))));
  }
  return results;
}
