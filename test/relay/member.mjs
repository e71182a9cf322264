// A process of a test that has a relay, run with the build. It is told what to do by lines of JSON on stdin:
// { do: 'start' | 'startRun' | 'follow' | 'followRun' | 'serve' | 'stop' | 'drain' | 'keys', id, … }, and answers each with one line.
import { appendFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from '@redis/client';
import { Anthropic, tool } from '../../dist/index.js';
import { createRelay, fileEngine, redisEngine, writeResponse } from '../../dist/relay.js';

const { redis, dir, baseURL, resumes, calls, ...options } = JSON.parse(process.argv[2] ?? '{}');
const client =
  redis &&
  (await createClient({ url: redis })
    .on('error', () => {})
    .connect());
const engine = redis ? redisEngine(client) : fileEngine(dir);
const api = baseURL && new Anthropic({ apiKey: 'key', baseURL, maxRetries: 0 });

/** Notes each call in a file, reports it, and never ends in a city. */
const weather = (endless) =>
  tool({
    name: 'get_weather',
    input: { type: 'object', properties: { city: { type: 'string' } } },
    run: async ({ city }, { emit, toolUse }) => {
      if (calls) appendFileSync(calls, `${toolUse.id}\n`);
      emit(city);
      if (city === endless) await sleep(1e9);
      return `Sunny in ${city}`;
    },
  });

const resumeRun = (_, run) => api.messages.toolRunner({ ...run.params, tools: [weather()] });
const relay = createRelay({
  engine,
  ...(api && { client: api }),
  ...(resumes && { resumeRun }),
  ...options,
});

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
  startRun: async ({ id, params, endless }) => {
    const runner = api.messages.toolRunner({ ...params, tools: [weather(endless)] });
    const run = await relay.startRun(id, runner);
    return { id: run.id };
  },
  followRun: async ({ id }) => {
    const run = await relay.followRun(id);
    const text = await run.getFinalText();
    return { text, messages: run.messages, usage: run.usage };
  },
  /** Its streams over HTTP, by their ids. */
  serve: async () => {
    const server = createServer(async ({ url, headers }, to) => {
      const id = headers['last-event-id'];
      const request = new Request('http://relay/', { headers: id ? { 'last-event-id': id } : {} });
      await writeResponse(await relay.handle(request, url.slice(1)), to);
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    return { url: `http://127.0.0.1:${server.address().port}` };
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
