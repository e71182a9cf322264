/*
 * Reads so many streams at once with one client, and tells the CPU time of this process.
 * Arguments: candidate, way of reading, URL, streams.
 */
import { load } from '../harness/candidates.mjs';
import { cpuTime } from '../harness/cpu-time.mjs';

const [candidate, way, baseURL, streams] = process.argv.slice(2);
const { [way]: read } = await load(candidate, { baseURL });
const { result, cost } = await cpuTime(() =>
  Promise.all(Array.from({ length: Number(streams) }, () => read())),
);
process.send({ results: [...new Set(result)], cost });
