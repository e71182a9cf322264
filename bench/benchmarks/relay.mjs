import { execFileSync, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from '@redis/client';
import { Anthropic } from '../../dist/index.js';
import { createRelay, redisEngine, writeResponse } from '../../dist/relay.js';
import { PEERS } from '../harness/relay-peers.mjs';
import { ceilingRow, row } from '../harness/rows.mjs';

export const title = 'The relay: followers of one stream over Redis, in one process';

export const modes = {
  full: { followers: 1_000, chunks: 300, many: 5_000 },
  smoke: { followers: 100, chunks: 60, many: 300 },
};

const PARAMS = { model: 'm', max_tokens: 1_000, messages: [{ role: 'user', content: 'Hi' }] };
const EVERY_MS = 10;

export async function run({ followers, chunks, many }) {
  const port = 20_000 + Math.floor(Math.random() * 20_000);
  const args = ['--port', String(port), '--save', '', '--bind', '127.0.0.1'];
  const redis = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'ignore'] });
  for await (const text of redis.stdout) if (String(text).includes('Ready to accept')) break;
  const cli = (...words) => execFileSync('redis-cli', ['-p', String(port), ...words]).toString();
  const url = `redis://127.0.0.1:${port}`;
  const rows = [];
  try {
    const alone = await measure(millrace, { url, cli, chunks, followers: 0 });
    const ours = await measure(millrace, { url, cli, chunks, followers });
    const crowd = await measure(millrace, { url, cli, chunks, followers: many });
    // Times of a small, cold run on another machine: a ceiling of milliseconds can't tell whether it is broken.
    const bound = (unit) => (/^[µm]s$/.test(unit) ? { bound: undefined } : {});
    const limits = (what, unit, value, ceiling) => ({
      ...ceilingRow({ what, unit, ours: value, ceiling }),
      ...bound(unit),
    });
    rows.push(
      row({
        what: `whole of ${many} followers`,
        unit: '',
        ours: crowd.whole,
        against: 'goal',
        theirs: many,
        target: 1,
        isRate: true,
      }),
      limits('Redis commands per event', '', ours.commands, 0.5),
      limits('CPU per event and follower, no socket', 'µs', ours.cpu, 0.5),
      limits('append to follower, p50', 'ms', ours.p50, 30),
      limits('append to follower, p99', 'ms', ours.p99, 60),
      row({
        what: 'producer with followers, against alone',
        unit: 'ms',
        ours: ours.took,
        against: 'alone',
        theirs: alone.took,
        target: 1.05,
      }),
      limits('Redis memory per 1,000 events', 'kB', ours.bytes / chunks, 75),
    );
    for (const [against, peer] of Object.entries(PEERS)) {
      const theirs = await measure(peer, { url, cli, chunks, followers });
      const compare = (what, unit, name, isRate) =>
        rows.push(row({ what, unit, ours: ours[name], against, theirs: theirs[name], isRate }));
      compare(`whole of ${followers} followers`, '', 'whole', true);
      compare('append to follower, p50', 'ms', 'p50');
      compare('append to follower, p99', 'ms', 'p99');
      compare('Redis commands per event', '', 'commands');
      compare('the producer took', 'ms', 'took');
    }
    return rows;
  } finally {
    redis.kill('SIGKILL');
  }
}

/** One stream with followers: what each of them got, and what it cost. */
async function measure(contender, { url, cli, chunks, followers }) {
  cli('flushall');
  const latencies = [];
  const subject = await contender(url);
  const since = performance.now();
  let expected = 0;
  const produced = subject.produce(counted(tokens(chunks), (text) => (expected += text.length)));
  await sleep(3 * EVERY_MS);
  const lengths = new Float64Array(followers);
  const joined = Array.from({ length: followers }, async (_, number) => {
    // To look at each text would cost more than to deliver it: one in twenty does.
    const isSample = number % 20 === 0;
    const got = (text) => {
      lengths[number] += text.length;
      if (!isSample) return;
      for (const [, at] of text.matchAll(/<(\d+\.\d+)>/g)) {
        latencies.push(performance.now() - Number(at));
      }
    };
    // One that fails has not got the whole.
    await subject.follow(got).catch(() => {});
  });
  await sleep(10 * EVERY_MS);
  latencies.length = 0;
  cli('config', 'resetstat');
  const before = process.cpuUsage();
  await Promise.race([produced, sleep(20_000, undefined, { ref: false })]);
  const took = performance.now() - since;
  await Promise.race([Promise.all(joined), sleep(20_000, undefined, { ref: false })]);
  const { user, system } = process.cpuUsage(before);
  const stats = cli('info', 'commandstats');
  // What scripts call is no round trip.
  const scripted = /^cmdstat_(config|info|xadd|xrevrange|publish|pexpire|set\b|ping)/;
  const calls = [...stats.matchAll(/^cmdstat_(\S+):calls=(\d+)/gm)].filter(
    ([line]) => contender !== millrace || !scripted.test(line),
  );
  const commands = calls.reduce((sum, [, , count]) => sum + Number(count), 0) / chunks;
  const bytes = await subject.bytes(cli);
  await subject.close();
  const whole = lengths.filter((length) => length === expected).length;
  latencies.sort((a, b) => a - b);
  const at = (part) => latencies[Math.floor(latencies.length * part)] ?? Number.NaN;
  const cpu = (user + system) / chunks / Math.max(followers, 1);
  return { whole, p50: at(0.5), p99: at(0.99), commands, took, cpu, bytes };
}

/** Texts with the time at which each was made. */
async function* tokens(count) {
  const began = performance.now();
  for (let n = 0; n < count; n++) {
    await sleep(Math.max(0, began + n * EVERY_MS - performance.now()));
    yield `word <${performance.now().toFixed(3)}>`;
  }
}

async function* counted(source, count) {
  for await (const text of source) {
    count(text);
    yield text;
  }
}

async function millrace(url) {
  const client = await createClient({ url }).connect();
  const engine = redisEngine(client);
  let events;
  const fetch = async () =>
    new Response(ReadableStream.from(sse(events)), {
      headers: { 'content-type': 'text/event-stream' },
    });
  const api = new Anthropic({ apiKey: 'key', fetch });
  const relay = createRelay({ engine, client: api });
  return {
    produce: async (source) => {
      events = source;
      const stream = await relay.start('a', PARAMS);
      await stream.untilDone();
    },
    follow: async (got) => {
      const response = await relay.handle(new Request('http://host/'), 'a');
      await writeResponse(response, sink(got));
    },
    bytes: async (cli) => Number(cli('memory', 'usage', 'mr:{a}:log', 'samples', '0')),
    close: async () => client.destroy(),
  };
}

const utf8 = new TextDecoder();
/** The bytes of an entry are the same object for all followers: their text is read once. */
const texts = new WeakMap();

/** A response without a socket. */
function sink(got) {
  return {
    statusCode: 200,
    destroyed: false,
    setHeader() {},
    write(bytes) {
      let text = texts.get(bytes);
      if (text === undefined) {
        text = [...utf8.decode(bytes).matchAll(/"text":"([^"]+)"/g)].map(([, it]) => it).join('');
        texts.set(bytes, text);
      }
      got(text);
      return true;
    },
    end() {},
    on() {},
  };
}

async function* sse(source) {
  const encoder = new TextEncoder();
  const event = (data) => encoder.encode(`event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`);
  const message = {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'm',
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { input_tokens: 1, output_tokens: 1 },
  };
  yield event({ type: 'message_start', message });
  yield event({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } });
  for await (const text of source)
    yield event({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } });
  yield event({ type: 'content_block_stop', index: 0 });
  yield event({
    type: 'message_delta',
    delta: { stop_reason: 'end_turn', stop_sequence: null },
    usage: { output_tokens: 9 },
  });
  yield event({ type: 'message_stop' });
}
