/*
 * Reads so many streams one after the other; tells the CPU time of this process, and by how much its
 * heap has grown since a tenth of them. Arguments: candidate, way of reading, URL, streams.
 */
import { load } from '../harness/candidates.mjs';
import { cpuTime } from '../harness/cpu-time.mjs';

const [candidate, way, baseURL, streams] = process.argv.slice(2);
const { [way]: read } = await load(candidate, { baseURL });
const results = new Set();

const readMany = async (count) => {
  for (let i = 0; i < count; i++) results.add(await read());
};
const heap = () => {
  globalThis.gc();
  return process.memoryUsage().heapUsed;
};

const first = await cpuTime(() => readMany(streams / 10));
const before = heap();
const rest = await cpuTime(() => readMany((streams / 10) * 9));
process.send({ results: [...results], cost: first.cost + rest.cost, growth: heap() - before });
