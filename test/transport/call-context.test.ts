import { AsyncLocalStorage } from 'node:async_hooks';
import { Agent } from 'node:http';
import { expect, it } from 'vitest';
import type { Anthropic } from '../../src/index.js';
import {
  blockStart,
  MESSAGE_STOP,
  messageDelta,
  messageStart,
  sse,
  textMessage,
  toolBlock,
} from '../contract/wire.js';
import { clientOf, HASTY, PARAMS } from '../stream/support.js';
import { rawServer, type Script } from '../support/raw-server.js';
import { weatherTool } from '../tools/support.js';

const storage = new AsyncLocalStorage<string>();

const OVERLOADED: Script = { status: 529 };
const BROKEN: Script = { body: [sse(messageStart(), blockStart(0, { type: 'text', text: 'a' }))] };
const WHOLE: Script = { body: [sse(...textMessage('b'))] };
const CALLING: Script = {
  body: [
    sse(
      messageStart(),
      ...toolBlock(0, '{"city":"Oslo"}'),
      messageDelta({ stop_reason: 'tool_use' }),
      MESSAGE_STOP,
    ),
  ],
};

/** Makes a call, and returns how its result is read. */
type Call = (client: Anthropic) => () => Promise<unknown>;

const stream: Call = (client) => {
  const stream = client.messages.stream(PARAMS, { recover: true });
  return () => stream.getFinalText();
};
const raw: Call = (client) => {
  const stream = client.messages.create({ ...PARAMS, stream: true });
  return () => stream;
};
const runner: Call = (client) => {
  const runner = client.messages.toolRunner({ ...PARAMS, tools: [weatherTool()] });
  return () => runner.getFinalMessage();
};

it.each<[how: string, call: Call, scripts: Script[]]>([
  ['stream(), retried and recovered', stream, [OVERLOADED, BROKEN, OVERLOADED, WHOLE]],
  ['create({ stream: true }), retried', raw, [OVERLOADED, WHOLE]],
  ['toolRunner(), in each turn', runner, [OVERLOADED, CALLING, OVERLOADED, CALLING, WHOLE]],
])('apiKey, observe and fetch run in the async context of %s', async (_, call, scripts) => {
  await using server = await rawServer(scripts);
  const seen: [what: string, context: unknown][] = [];
  const note = (what: string) => seen.push([what, storage.getStore()]);
  const client = storage.run('client', () =>
    clientOf(server, {
      clock: HASTY,
      maxRetries: 1,
      apiKey: async () => {
        await null;
        note('apiKey');
        return 'key';
      },
      observe: ({ type }) => note(type),
      fetch: (url, init) => {
        note('fetch');
        return fetch(url, init);
      },
    }),
  );
  const read = storage.run('call', () => call(client));
  await storage.run('reader', read);
  expect(seen.filter(([what]) => what === 'fetch')).toHaveLength(scripts.length);
  expect(seen.map(([what]) => what)).toEqual(
    expect.arrayContaining(['apiKey', 'request', 'fetch', 'response', 'retry']),
  );
  expect(new Set(seen.map(([, context]) => context))).toEqual(new Set(['call']));
});

it('each of many streams that share connections has the context of its own call', async () => {
  await using server = await rawServer(WHOLE);
  const agent = new Agent({ keepAlive: true, maxSockets: 2 });
  const seen: unknown[] = [];
  const client = clientOf(server, { agent, observe: () => seen.push(storage.getStore()) });
  const calls = Array.from({ length: 20 }, (_, i) => i);
  const streams = calls.map((i) => storage.run(`call ${i}`, () => client.messages.stream(PARAMS)));
  await storage.run('reader', () => Promise.all(streams.map((s) => s.getFinalText())));
  agent.destroy();
  // A request, a response, the first content and the end of each.
  expect(seen.sort()).toEqual(calls.flatMap((i) => Array(4).fill(`call ${i}`)).sort());
});
