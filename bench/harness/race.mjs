import { cpuTime } from './cpu-time.mjs';
import { median } from './median.mjs';

/**
 * Runs candidates in turns, so that what disturbs the machine disturbs all of them, and gives for each
 * the median of what it cost. Nobody collects garbage in between: a full collection throws optimized
 * code away as well, and what is measured then is the compiler.
 *
 * @param candidates name → what is run, which gives a result.
 * @param options.check is given each result and the name of the candidate; throws when it is wrong.
 * @param options.cost measures one run: `run => { result, cost }`. Default: CPU time in ms.
 * @param options.warmups rounds that are checked but not counted.
 */
export async function race(candidates, { rounds, check, cost = cpuTime, warmups = 2 }) {
  const names = Object.keys(candidates);
  const costs = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = -warmups; round < rounds; round++) {
    // There and back: no candidate always follows the same one.
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const measured = await cost(candidates[name]);
      check(measured.result, name);
      if (round >= 0) costs[name].push(measured.cost);
    }
  }
  return Object.fromEntries(names.map((name) => [name, median(costs[name])]));
}
