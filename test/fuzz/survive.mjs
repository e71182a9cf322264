// Reads hostile streams, of up to 8 MB each, and ends with 0 if each of them ended as a stream may.
// node --unhandled-rejections=strict --max-old-space-size=128 survive.mjs RUNS SEED
import * as millrace from '../../dist/index.js';
import { consumersOf } from './consume.mjs';
import { hostile } from './grammar.mjs';
import { Random } from './random.mjs';

const [runs = '1000', seed = '1', first = '0'] = process.argv.slice(2);
const MOST_BYTES = 8_000_000;
const SMALL_BYTES = 40_000;
const HANG_MS = 60_000;

const consume = consumersOf(millrace);
const ends = {};

/** Sizes between two bounds, as many small ones as large ones of each order of magnitude. */
const size = (random, least, most) => Math.floor(least * (most / least) ** random.next());

async function endOf(run) {
  const random = new Random(Number(seed) + run * 7_919);
  const isLarge = random.chance(0.02);
  const bytes = isLarge ? size(random, SMALL_BYTES, MOST_BYTES) : size(random, 100, SMALL_BYTES);
  let timer;
  const hang = new Promise((resolve) => {
    timer = setTimeout(() => resolve('hang'), HANG_MS);
  });
  const end = consume(random, hostile(random, bytes)).then(
    () => 'complete',
    (error) => (error instanceof millrace.AnthropicError ? error.name : `foreign: ${error?.stack}`),
  );
  const result = await Promise.race([end, hang]);
  clearTimeout(timer);
  return result;
}

let slowest = { run: -1, ms: 0 };
for (let run = Number(first); run < Number(first) + Number(runs); run++) {
  // A process that dies says which run it was.
  if (process.env.MILLRACE_HOSTILE_TRACE) process.stderr.write(`${run}\n`);
  // Streams in memory never wait for the event loop. Without a turn of it no weak reference lets go.
  await new Promise((resolve) => setImmediate(resolve));
  const before = performance.now();
  const end = await endOf(run);
  const ms = performance.now() - before;
  if (ms > slowest.ms) slowest = { run, ms: Math.round(ms) };
  if (end === 'hang' || end.startsWith('foreign')) {
    process.stdout.write(`run ${run} of seed ${seed}: ${end}\n`);
    process.exit(1);
  }
  ends[end] = (ends[end] ?? 0) + 1;
}
process.stdout.write(`${JSON.stringify({ runs: Number(runs), ends, slowest })}\n`);
