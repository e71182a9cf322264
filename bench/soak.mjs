/*
 * Many streams at a time against a server with every fault there is, at random, for some minutes.
 *
 *   npm run build && node bench/soak.mjs [--seconds 120] [--streams 500] [--seed 1]
 *
 * Ends with 1 unless each stream ended in the whole message or in one of our errors, nothing was
 * rejected unhandled, and sockets, timers and heap are back at what they were.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Anthropic, AnthropicError } from '../dist/index.js';
import { pick, randomFrom } from './random.mjs';
import { STORY } from './story.mjs';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '120' },
    streams: { type: 'string', default: '500' },
    seed: { type: 'string', default: '1' },
  },
});
const [seconds, streams, seed] = [values.seconds, values.streams, values.seed].map(Number);

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc');

const random = randomFrom(seed);
const outcomes = new Map();
const stray = [];
const problems = [];
const peak = { sockets: 0, heap: 0, longest: 0 };
let attempts = 0;
let recoveries = 0;
let mended = 0;

process.on('unhandledRejection', (reason) => stray.push(reason));
process.on('uncaughtException', (error) => stray.push(error));
process.on('warning', (warning) => problems.push(`a warning: ${warning}`));

/** How a stream is read, and how it may be left. */
const WAYS = [
  [4, async (stream) => (await stream.getFinalMessage()).content[0].text],
  [
    4,
    async (stream) => {
      let text = '';
      for await (const piece of stream.textStream) text += piece;
      return text;
    },
  ],
  [
    2,
    async (stream) => {
      for await (const event of stream)
        if (event.type === 'message_stop') return stream.getFinalText();
    },
  ],
  [
    2,
    (stream) =>
      new Promise((resolve, reject) => {
        stream.on('message', ({ content }) => resolve(content[0].text)).on('error', reject);
      }),
  ],
  [
    1,
    async (stream) => {
      for await (const _ of stream.textStream) break;
      return 'left';
    },
  ],
  [
    1,
    async (stream) => {
      setTimeout(() => stream.close(), random() * 100);
      return stream.getFinalText();
    },
  ],
];

/** One stream to its end, whatever that is. */
async function run(client) {
  const recover = random() < 0.5 && { attempts: 3 };
  const model = random() < 0.5 ? 'claude-sonnet-4-5' : 'claude-opus-4-8';
  const params = { model, max_tokens: 1024, messages: [{ role: 'user', content: 'A story.' }] };
  const stream = client.messages.stream(params, { recover });
  stream.on('recover', () => recoveries++);
  const since = performance.now();
  const outcome = await pick(
    WAYS,
    random,
  )(stream).then(
    (text) => (text === 'left' ? 'left' : 'message'),
    (error) => (error instanceof AnthropicError ? error.name : `FOREIGN ${error}`),
  );
  if (outcome === 'message') {
    const { text } = stream.currentMessageSnapshot.content[0];
    if (text !== STORY) problems.push(`another story: ${text}`);
    if (stream.attempts.some(({ how }) => how !== 'request')) mended++;
  }
  if (outcome.startsWith('FOREIGN')) problems.push(outcome);
  peak.longest = Math.max(peak.longest, performance.now() - since);
  attempts += stream.attempts.length;
  outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
}

/** So many streams at a time, for so long. */
async function soak(count, ms) {
  const server = fork(fileURLToPath(new URL('faulty-server.mjs', import.meta.url)), [String(seed)]);
  const [{ port }] = await once(server, 'message');
  const agent = new Agent({ keepAlive: true });
  const client = new Anthropic({
    apiKey: 'soak',
    baseURL: `http://127.0.0.1:${port}`,
    agent,
    timeout: { response: 1_000, idle: 300, stall: 500, total: 10_000 },
  });
  const until = performance.now() + ms;
  const watch = setInterval(look, 500);
  await Promise.all(
    Array.from({ length: count }, async () => {
      while (performance.now() < until) await run(client);
    }),
  );
  clearInterval(watch);
  agent.destroy();
  server.disconnect();
  await once(server, 'exit');
}

function look() {
  peak.sockets = Math.max(peak.sockets, resources().sockets);
  peak.heap = Math.max(peak.heap, process.memoryUsage().heapUsed);
}

function resources() {
  const active = process.getActiveResourcesInfo();
  const countOf = (name) => active.filter((one) => one === name).length;
  return { sockets: countOf('TCPSocketWrap'), timers: countOf('Timeout') };
}

/** What there is when all has come to rest: a socket that was destroyed closes in a turn or two. */
async function atRest() {
  await sleep(500);
  for (let i = 0; i < 3; i++) {
    gc();
    await sleep(50);
  }
  return { ...resources(), heap: process.memoryUsage().heapUsed };
}

const megabytes = (bytes) => `${(bytes / 1_048_576).toFixed(1)} MB`;
const MOST_HEAP_GROWTH = 3 * 1_048_576;

// What is made once and stays (code, caches) is no leak.
await soak(Math.min(streams, 100), 3_000);
outcomes.clear();
[attempts, recoveries, mended] = [0, 0, 0];
const before = await atRest();

const began = performance.now();
await soak(streams, seconds * 1_000);
const took = performance.now() - began;
const after = await atRest();

const total = [...outcomes.values()].reduce((sum, count) => sum + count, 0);
if (stray.length > 0)
  problems.push(`${stray.length} stray rejections, the first: ${stray[0]?.stack}`);
if (after.sockets > before.sockets)
  problems.push(`${after.sockets - before.sockets} sockets are left`);
if (after.timers > before.timers) problems.push(`${after.timers - before.timers} timers are left`);
if (after.heap - before.heap > MOST_HEAP_GROWTH) problems.push('the heap has grown');
if (!outcomes.has('message') || total < streams) problems.push('hardly anything was done');

const rows = [
  ['seed', seed],
  ['streams at a time', streams],
  ['seconds', (took / 1_000).toFixed(1)],
  ['streams', total],
  ['requests', attempts],
  ['requests for a rest', recoveries],
  ['messages that were mended', mended],
  ['longest stream', `${(peak.longest / 1_000).toFixed(2)} s`],
  ...[...outcomes].sort((a, b) => b[1] - a[1]).map(([name, count]) => [`→ ${name}`, count]),
  ['stray rejections', stray.length],
  ['sockets: before, peak, after', `${before.sockets}, ${peak.sockets}, ${after.sockets}`],
  ['timers: before, after', `${before.timers}, ${after.timers}`],
  ['heap: before, peak, after', [before.heap, peak.heap, after.heap].map(megabytes).join(', ')],
];
const width = Math.max(...rows.map(([name]) => name.length));
for (const [name, value] of rows) process.stdout.write(`${name.padEnd(width)}  ${value}\n`);
for (const problem of new Set(problems)) process.stderr.write(`NOT SO: ${problem}\n`);
process.exitCode = problems.length === 0 ? 0 : 1;
