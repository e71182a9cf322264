// A process of a test that has a relay, run with the build. It is told what to do by lines of JSON on stdin:
// { do: 'start' | 'startRun' | 'follow' | 'stop' | 'drain' | 'keys', id, … }, and answers each with one line.
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from '@redis/client';
import { Anthropic, tool } from '../../dist/index.js';
import { createRelay, fileEngine, redisEngine } from '../../dist/relay.js';

const { redis, dir, baseURL, ...options } = JSON.parse(process.argv[2] ?? '{}');
const client =
  redis &&
  (await createClient({ url: redis })
    .on('error', () => {})
    .connect());
const engine = redis ? redisEngine(client) : fileEngine(dir);
const api = baseURL && new Anthropic({ apiKey: 'key', baseURL, maxRetries: 0 });
const relay = createRelay({ engine, ...(api && { client: api }), ...options });

const say = (answer) => process.stdout.write(`${JSON.stringify(answer)}\n`);

/** Everything that a reader of a stream sees. */
async function read(stream) {
  const events = [];
  let text = '';
  let stopped;
  try {
    for await (const event of stream) {
      events.push(event.type);
      if (event.delta?.text !== undefined) text += event.delta.text;
    }
  } catch (error) {
    stopped = {
      name: error.name,
      reason: error.reason,
      requestId: error.requestId,
      cause: typeof error.cause === 'string' ? error.cause : undefined,
      partial: error.partialMessage?.content,
    };
  }
  const { content, stop_reason } = stream.currentMessageSnapshot ?? {};
  return { events, text, content, stop_reason, error: stopped };
}

const COMMANDS = {
  start: async ({ id, params, options: how }) => {
    const stream = await relay.start(id, params, how);
    return { id: stream.id };
  },
  /** With a tool that reports each call, and never ends in a city. */
  startRun: async ({ id, params, endless }) => {
    const look = tool({
      name: 'get_weather',
      input: { type: 'object', properties: { city: { type: 'string' } } },
      run: async ({ city }, { emit }) => {
        emit(city);
        if (city === endless) await sleep(1e9);
        return `Sunny in ${city}`;
      },
    });
    const runner = api.messages.toolRunner({ ...params, tools: [look] });
    const run = await relay.startRun(id, runner);
    return { id: run.id };
  },
  follow: ({ id }) => read(relay.follow(id)),
  /** Settled: the text so far reaches a length. */
  reach: async ({ id, length }) => {
    let text = '';
    for await (const piece of relay.follow(id).textStream) {
      text += piece;
      if (text.length >= length) break;
    }
    return { length: text.length };
  },
  stop: async ({ id, reason }) => ({ stopped: await relay.stop(id, reason) }),
  status: async ({ id }) => ({ state: (await relay.status(id)).state }),
  drain: async () => {
    await relay.drain();
    return {};
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const command = JSON.parse(line);
  COMMANDS[command.do](command).then(
    (answer) => say({ number: command.number, answer }),
    (error) => say({ number: command.number, error: String(error) }),
  );
}
process.exit(0);
