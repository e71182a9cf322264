/*
 * The blocking client against the async one, in one run: `npm run build && node bench/sync.mjs`.
 * Each figure is the median of interleaved runs; every run checks what it read. Ends with 1 where a
 * target is missed.
 */
import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { createServer } from 'node:http';
import { Anthropic } from '../dist/index.js';
import { SyncAnthropic } from '../dist/sync/index.js';

const PARAMS = { model: 'm', max_tokens: 1000, messages: [{ role: 'user', content: 'Hi' }] };
const LONG = 10_000;
const SHORT = 20;

if (process.argv[2] === 'serve') serve();
else await compare();

/** In a process of its own: what blocks can serve nothing. */
function serve() {
  const bodies = Object.fromEntries([LONG, SHORT].map((events) => [events, bodyOf(events)]));
  const server = createServer((request, response) => {
    const { [Number(request.headers['x-events'])]: body } = bodies;
    request.resume().on('end', () => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).end(body);
    });
  });
  server.listen(0, '127.0.0.1', () => process.send(server.address().port));
}

function textOf(events) {
  return Array.from({ length: events - 5 }, (_, n) => ` word${n}`);
}

function bodyOf(events) {
  const message = { id: 'msg_1', type: 'message', role: 'assistant', model: 'm', content: [] };
  return [
    {
      type: 'message_start',
      message: { ...message, usage: { input_tokens: 1, output_tokens: 1 } },
    },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    ...textOf(events).map((text) => ({
      type: 'content_block_delta',
      index: 0,
      delta: { type: 'text_delta', text },
    })),
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 9 } },
    { type: 'message_stop' },
  ]
    .map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
    .join('');
}

async function compare() {
  const server = fork(new URL(import.meta.url), ['serve']);
  const port = await new Promise((resolve) => server.once('message', resolve));
  const options = { apiKey: 'key', baseURL: `http://127.0.0.1:${port}`, maxRetries: 0 };
  const clients = { async: new Anthropic(options), sync: new SyncAnthropic(options) };
  const results = [
    await race(`${LONG} events`, 30, clients, readWhole(LONG, 1)),
    await race(`100 streams of ${SHORT} events`, 15, clients, readWhole(SHORT, 100)),
    await race('first event, warm', 100, clients, readFirst()),
  ];
  server.kill();
  clients.sync[Symbol.dispose]();
  for (const { name, async, sync } of results) {
    const ms = (value) => `${value.toFixed(2)} ms`.padStart(10);
    const ratio = (sync / async).toFixed(2);
    console.log(`${name.padEnd(26)} async ${ms(async)}  sync ${ms(sync)}  ratio ${ratio}`);
  }
  const [long, short, first] = results;
  const missed = [
    long.sync > 2 * long.async && 'a long stream takes more than twice the time',
    short.sync > 2 * short.async && 'short streams take more than twice the time',
    first.sync > first.async + 5 && 'the first event is more than 5 ms later',
  ].filter(Boolean);
  for (const what of missed) console.log(`missed: ${what}`);
  process.exitCode = missed.length > 0 ? 1 : 0;
}

/** All events of some streams, one after the other. */
function readWhole(events, streams) {
  const expected = textOf(events).join('');
  const open = ({ messages }) => messages.stream(PARAMS, { headers: { 'x-events': `${events}` } });
  return {
    async: async (client) => {
      for (let i = 0; i < streams; i++) {
        const stream = open(client);
        let count = 0;
        for await (const _ of stream) count++;
        assert.equal(count, events);
        assert.equal(await stream.getFinalText(), expected);
      }
    },
    sync: (client) => {
      for (let i = 0; i < streams; i++) {
        const stream = open(client);
        let count = 0;
        for (const _ of stream) count++;
        assert.equal(count, events);
        assert.equal(stream.getFinalText(), expected);
      }
    },
  };
}

/** Up to the first event. */
function readFirst() {
  const open = ({ messages }) => messages.stream(PARAMS, { headers: { 'x-events': `${SHORT}` } });
  return {
    async: async (client) => {
      const reader = open(client)[Symbol.asyncIterator]();
      const { value } = await reader.next();
      assert.equal(value.type, 'message_start');
      return () => reader.return();
    },
    sync: (client) => {
      const reader = open(client)[Symbol.iterator]();
      const { value } = reader.next();
      assert.equal(value.type, 'message_start');
      return () => reader.return();
    },
  };
}

/** Medians of the milliseconds that each takes. */
async function race(name, rounds, clients, read) {
  const times = { async: [], sync: [] };
  for (let round = -3; round < rounds; round++) {
    for (const kind of ['async', 'sync']) {
      const since = performance.now();
      const leave = await read[kind](clients[kind]);
      const took = performance.now() - since;
      await leave?.();
      if (round >= 0) times[kind].push(took);
    }
  }
  return { name, async: median(times.async), sync: median(times.sync) };
}

function median(values) {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
}
