import assert from 'node:assert/strict';
import { Anthropic } from '../../dist/index.js';
import { SyncAnthropic } from '../../dist/sync.js';
import { wallTime } from '../harness/cpu-time.mjs';
import { textInput } from '../harness/inputs.mjs';
import { startServer } from '../harness/process.mjs';
import { race } from '../harness/race.mjs';
import { row, rowsOf } from '../harness/rows.mjs';

export const title = 'The blocking client, on the clock, against the async one';

export const modes = {
  full: { rounds: 30, deltas: 10_000, streams: 100, firsts: 100 },
  smoke: { rounds: 7, deltas: 2_000, streams: 20, firsts: 30 },
};

const PARAMS = { model: 'm', max_tokens: 1000, messages: [{ role: 'user', content: 'Hi' }] };
const SHORT = 20;
const MOST_MS_LATER = 5;
const ASYNC = 'Anthropic';

export async function run({ rounds, deltas, streams, firsts }) {
  return [
    ...(await compare(deltas, 1, { rounds, what: `a stream of ${deltas} events` })),
    ...(await compare(SHORT, streams, {
      rounds: Math.ceil(rounds / 2),
      what: `${streams} streams of ${SHORT} events`,
    })),
    ...(await firstEvents(firsts)),
  ];
}

async function compare(deltas, streams, { rounds, what }) {
  const { text } = textInput(deltas);
  const times = await withClients(deltas, (clients) =>
    race(
      {
        millrace: () => readBlocking(clients.blocking, streams),
        [ASYNC]: () => readAsync(clients.async, streams),
      },
      {
        rounds,
        cost: wallTime,
        check: (texts, name) => assert.deepEqual([...texts], [text], name),
      },
    ),
  );
  return rowsOf(times, { what, unit: 'ms', targets: { [ASYNC]: 2 } });
}

async function firstEvents(rounds) {
  const times = await withClients(SHORT, (clients) =>
    race(
      {
        blocking: () => firstBlocking(clients.blocking),
        async: () => firstAsync(clients.async),
      },
      {
        rounds,
        cost: async (run) => {
          const { result, cost } = await wallTime(run);
          await result.reader.return();
          return { result, cost };
        },
        check: ({ value }) => assert.equal(value.type, 'message_start'),
      },
    ),
  );
  return [
    row({
      what: 'first event of a warm client',
      unit: 'ms',
      ours: times.blocking,
      against: `${ASYNC}, and ${MOST_MS_LATER} ms`,
      theirs: times.async + MOST_MS_LATER,
      target: 1,
    }),
  ];
}

async function withClients(deltas, use) {
  const server = await startServer('whole', { events: deltas });
  const options = { apiKey: 'key', baseURL: server.url, maxRetries: 0 };
  const clients = { async: new Anthropic(options), blocking: new SyncAnthropic(options) };
  try {
    return await use(clients);
  } finally {
    clients.blocking[Symbol.dispose]();
    await server.stop();
  }
}

async function readAsync({ messages }, streams) {
  const texts = new Set();
  for (let i = 0; i < streams; i++) {
    let text = '';
    for await (const event of messages.stream(PARAMS)) text += textOf(event);
    texts.add(text);
  }
  return texts;
}

async function readBlocking({ messages }, streams) {
  const texts = new Set();
  for (let i = 0; i < streams; i++) {
    let text = '';
    for (const event of messages.stream(PARAMS)) text += textOf(event);
    texts.add(text);
  }
  return texts;
}

async function firstAsync({ messages }) {
  const reader = messages.stream(PARAMS)[Symbol.asyncIterator]();
  const { value } = await reader.next();
  return { reader, value };
}

async function firstBlocking({ messages }) {
  const reader = messages.stream(PARAMS)[Symbol.iterator]();
  const { value } = reader.next();
  return { reader, value };
}

function textOf(event) {
  return event.type === 'content_block_delta' ? event.delta.text : '';
}
