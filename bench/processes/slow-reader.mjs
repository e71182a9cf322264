/*
 * Reads a hundred events and then stands still, until it is killed; says when it stands, and how much
 * it holds when it is asked. Arguments: candidate, URL.
 */
import { load } from '../harness/candidates.mjs';

const [candidate, baseURL] = process.argv.slice(2);
const { open } = await load(candidate, { baseURL });
const reader = open()[Symbol.asyncIterator]();
for (let i = 0; i < 100; i++) await reader.next();

process.send('stands');
process.on('message', () => {
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  process.send({ held: heapUsed + external });
});
