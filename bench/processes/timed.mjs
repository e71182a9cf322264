/*
 * Reads so many streams at once with one client, event by event. Tells the CPU time of this process, how long
 * the slowest stream took from its first delta to its last one, and when half of them had their first, in ms.
 * Arguments: candidate, URL, streams.
 */
import { load } from '../harness/candidates.mjs';
import { cpuTime } from '../harness/cpu-time.mjs';
import { median } from '../harness/median.mjs';

const [candidate, baseURL, streams] = process.argv.slice(2);
const { open } = await load(candidate, { baseURL });

async function read() {
  const since = performance.now();
  let text = '';
  let first;
  let last = 0;
  for await (const event of open()) {
    if (event.type !== 'content_block_delta') continue;
    text += event.delta.text;
    last = performance.now();
    first ??= last;
  }
  return { text, first: first - since, took: last - first };
}

const { result, cost } = await cpuTime(() =>
  Promise.all(Array.from({ length: Number(streams) }, read)),
);
process.send({
  texts: [...new Set(result.map(({ text }) => text))],
  cost,
  took: Math.max(...result.map(({ took }) => took)),
  first: median(result.map(({ first }) => first)),
});
