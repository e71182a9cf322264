/*
 * Opens streams, reads what has come of each, and goes on waiting for more; tells the bytes and
 * the CPU time, in ms, that one costs. Arguments: candidate, URL, streams, events that come.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { load } from '../harness/candidates.mjs';
import { cpuTime } from '../harness/cpu-time.mjs';

const AT_ONCE = 50;

const [candidate, baseURL, streams, events] = process.argv.slice(2);
const { open } = await load(candidate, { baseURL });
const waiting = [];

/** Up to the event after which nothing comes; a read of the next one is left pending. */
async function openOne() {
  const reader = open()[Symbol.asyncIterator]();
  let text = '';
  for (let deltas = 0; deltas < Number(events); ) {
    const { value } = await reader.next();
    if (value.type !== 'content_block_delta') continue;
    text += value.delta.text ?? value.delta.partial_json;
    deltas++;
  }
  const next = reader.next();
  next.catch(() => {}); // The process ends while they wait.
  waiting.push({ reader, next });
  return text;
}

async function openMany(count) {
  const texts = new Set();
  for (let i = 0; i < count; i += AT_ONCE) {
    const group = Array.from({ length: Math.min(AT_ONCE, count - i) }, openOne);
    for (const text of await Promise.all(group)) texts.add(text);
  }
  return texts;
}

async function memory() {
  for (let i = 0; i < 3; i++) {
    globalThis.gc();
    await sleep(50);
  }
  const { heapUsed, external, rss } = process.memoryUsage();
  return { held: heapUsed + external, rss };
}

await openMany(AT_ONCE); // Code and caches belong to no stream.
const before = await memory();
const { result: texts, cost } = await cpuTime(() => openMany(Number(streams)));
const after = await memory();
process.send({
  texts: [...texts],
  held: (after.held - before.held) / streams,
  rss: (after.rss - before.rss) / streams,
  opening: cost / streams,
});
