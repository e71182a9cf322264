import { AsyncLocalStorage } from 'node:async_hooks';
import { channel, tracingChannel } from 'node:diagnostics_channel';
import { expect, it } from 'vitest';
import { Anthropic } from '../../src/client.js';
import { createRelay } from '../../src/relay/relay.js';
import { createEmulator, fault, type Reply, reply } from '../../src/testing/index.js';
import { tool } from '../../src/tools/tool.js';
import { faultyServer } from '../faults/faulty-server.js';
import { protocolOf, TRANSPORTS } from '../faults/setting.js';
import { VirtualTime } from '../faults/virtual-time.js';
import { HASTY, PARAMS } from '../stream/support.js';
import { listen, type Published } from './support.js';

const CANARY = 'canary';
const ASKING = {
  ...PARAMS,
  system: CANARY,
  stop_sequences: ['###'],
  messages: [{ role: 'user' as const, content: CANARY }],
};

function clientFor(...replies: readonly Reply[]): Anthropic {
  const emulator = createEmulator({ replies });
  const baseURL = 'http://user:secret@api.test';
  return new Anthropic({ apiKey: 'sk-secret', baseURL, fetch: emulator.fetch, clock: HASTY });
}

const names = (seen: readonly Published[]): string[] => seen.map(({ channel }) => channel);
const last = (seen: readonly Published[], of: string): Record<string, unknown> | undefined =>
  seen.findLast(({ channel }) => channel === of)?.context;

it('a stream and its request are published as tracePromise would', async () => {
  using listening = listen('stream', 'attempt');
  await clientFor(reply.text('Hello')).messages.stream(ASKING).untilDone();
  expect(names(listening.seen)).toEqual([
    ...['stream:start', 'stream:end', 'attempt:start', 'attempt:end'],
    ...['attempt:asyncStart', 'attempt:asyncEnd', 'stream:asyncStart', 'stream:asyncEnd'],
  ]);
  const stream = last(listening.seen, 'stream:asyncEnd');
  expect(stream).toMatchObject({
    operation: 'stream',
    isBlocking: false,
    model: 'claude-test',
    url: 'http://api.test/v1/messages',
    params: { max_tokens: 1000, stop_sequences: ['###'], messages: 1, tools: 0 },
    outcome: 'complete',
    stopReason: 'end_turn',
    attempts: 1,
    retries: 0,
    recoveries: 0,
    usage: { output_tokens: expect.any(Number) },
    requestId: expect.stringMatching(/^req_/),
    messageId: expect.stringMatching(/^msg_/),
  });
  const attempt = last(listening.seen, 'attempt:asyncEnd');
  expect(attempt).toMatchObject({ streamId: stream?.streamId, attempt: 1, status: 200 });
});

it.each(Object.keys(TRANSPORTS) as (keyof typeof TRANSPORTS)[])(
  'they are the same over %s, also where it fails',
  async (transport) => {
    using listening = listen('stream', 'attempt');
    using time = new VirtualTime();
    const cell = { place: 'in text', fault: 'reset', stated: undefined } as const;
    await using server = await faultyServer(cell, time, protocolOf(TRANSPORTS[transport]));
    const options = { apiKey: 'key', baseURL: server.url, clock: time.clock };
    const client = new Anthropic({ ...options, ...TRANSPORTS[transport] });
    await time.pass(
      client.messages
        .stream(PARAMS)
        .untilDone()
        .catch(() => {}),
    );
    expect(names(listening.seen)).toEqual([
      ...['stream:start', 'stream:end', 'attempt:start', 'attempt:end'],
      ...['attempt:error', 'attempt:asyncStart', 'attempt:asyncEnd'],
      ...['stream:error', 'stream:asyncStart', 'stream:asyncEnd'],
    ]);
    expect(last(listening.seen, 'stream:asyncEnd')).toMatchObject({ outcome: 'failed' });
    expect(last(listening.seen, 'attempt:asyncEnd')).toMatchObject({ status: 200 });
  },
);

it('retries and recoveries are requests of their own, each with its error', async () => {
  using listening = listen('stream', 'attempt');
  const broken = reply.faulty(reply.text('Hello world'), fault.cut({ phase: 'text' }));
  const client = clientFor(reply.error(529, 'no'), broken, reply.text('!'));
  await client.messages.stream(ASKING, { recover: true }).untilDone();
  const attempts = listening.seen.filter(({ channel }) => channel === 'attempt:asyncEnd');
  expect(attempts.map(({ context }) => [context.attempt, context.status])).toEqual([
    [1, 529],
    [2, 200],
    [3, 200],
  ]);
  expect(attempts.map(({ context }) => (context.error as Error | undefined)?.name)).toEqual([
    'OverloadedError',
    'StreamTruncatedError',
    undefined,
  ]);
  expect(new Set(attempts.map(({ context }) => context.attemptId)).size).toBe(3);
  expect(attempts[1]?.context.delayMs).toEqual(expect.any(Number));
  expect(last(listening.seen, 'stream:asyncEnd')).toMatchObject({
    ...{ attempts: 3, retries: 1, recoveries: 1, outcome: 'complete' },
  });
});

it('content, keys and queries are in no context', async () => {
  using listening = listen('stream', 'attempt', 'tool', 'run', 'progress');
  const call = reply.toolUse('look', { at: CANARY });
  const client = clientFor(call, reply.text(CANARY));
  const tools = [look(() => CANARY)];
  const runner = client.messages.toolRunner(
    { ...ASKING, tools },
    { extraQuery: { key: 'sk-secret' } },
  );
  await runner.getFinalMessage();
  expect(listening.seen.length).toBeGreaterThan(10);
  expect(JSON.stringify(listening.seen)).not.toMatch(/canary|secret/);
});

it('a run, its streams and its tools carry the same run id', async () => {
  using listening = listen('stream', 'tool', 'run');
  const client = clientFor(reply.toolUse('look', { at: 'x' }), reply.text('Done'));
  await client.messages.toolRunner({ ...PARAMS, tools: [look(() => 'y')] }).getFinalMessage();
  const run = last(listening.seen, 'run:asyncEnd');
  expect(run).toMatchObject({ turns: 2, ms: expect.any(Number), model: 'claude-test' });
  const streams = listening.seen.filter(({ channel }) => channel === 'stream:asyncEnd');
  expect(streams.map(({ context }) => [context.runId, context.turn])).toEqual([
    [run?.runId, 1],
    [run?.runId, 2],
  ]);
  const expected = { runId: run?.runId, turn: 1, name: 'look', isError: false };
  expect(last(listening.seen, 'tool:asyncEnd')).toMatchObject(expected);
  expect(names(listening.seen).filter((name) => name.endsWith(':start'))).toEqual([
    ...['run:start', 'stream:start', 'tool:start', 'stream:start'],
  ]);
});

it('the summary of a long run is one of its streams', async () => {
  using listening = listen('stream', 'run');
  const replies = [reply.toolUse('look', { at: 'x' }), reply.text('So far.'), reply.text('Done')];
  const runner = clientFor(...replies).messages.toolRunner(
    { ...PARAMS, tools: [look(() => 'y')] },
    { compact: { above: 1 } },
  );
  await runner.getFinalMessage();
  const run = last(listening.seen, 'run:asyncEnd');
  expect(run).toMatchObject({ turns: 3 });
  const streams = listening.seen.filter(({ channel }) => channel === 'stream:asyncEnd');
  expect(streams.map(({ context }) => [context.runId, context.turn])).toEqual(
    [1, 2, 3].map((turn) => [run?.runId, turn]),
  );
});

it('a tool that throws is published as an error result', async () => {
  using listening = listen('tool');
  const client = clientFor(reply.toolUse('look', { at: 'x' }), reply.text('Done'));
  const tools = [
    look(() => {
      throw new Error('no');
    }),
  ];
  await client.messages.toolRunner({ ...PARAMS, tools }).getFinalMessage();
  expect(last(listening.seen, 'tool:asyncEnd')).toMatchObject({ isError: true });
});

it.each([
  ['create', () => ({})],
  ['create', () => ({ stream: true })],
  ['create', () => ({ max_tokens: 64_000 })],
  ['countTokens', () => ({})],
] as const)('%s is one call too', async (operation, more) => {
  using listening = listen('stream');
  const { messages } = clientFor(reply.text('Hello'));
  const { max_tokens, ...rest } = PARAMS;
  if (operation === 'countTokens') await messages.countTokens(rest);
  else {
    const answer = (await messages.create({ ...PARAMS, ...more() })) as object;
    if (Symbol.asyncIterator in answer) for await (const _ of answer as AsyncIterable<unknown>);
  }
  const stream = last(listening.seen, 'stream:asyncEnd');
  expect(stream).toMatchObject({ operation, outcome: 'complete', attempts: 1 });
  if (operation === 'create') {
    expect(stream).toMatchObject({ stopReason: 'end_turn', responseModel: expect.any(String) });
  }
});

it('subscribers get the async context of the call', async () => {
  const storage = new AsyncLocalStorage<string>();
  const seen = new Set<unknown>();
  const note = (): void => void seen.add(storage.getStore());
  const handlers = { start: note, end: note, asyncStart: note, asyncEnd: note, error: note };
  const traced = tracingChannel('millrace:stream');
  traced.subscribe(handlers);
  try {
    const client = clientFor(reply.text('Hello'));
    const stream = storage.run('call', () => client.messages.stream(PARAMS));
    await storage.run('reader', () => stream.untilDone());
  } finally {
    traced.unsubscribe(handlers);
  }
  expect([...seen]).toEqual(['call']);
});

it('a stream that nothing needs is not published, and a closed one ends once', async () => {
  using listening = listen('stream');
  const client = clientFor(reply.text('Hello'));
  client.messages.stream(PARAMS).close();
  expect(listening.seen).toEqual([]);
  const stream = client.messages.stream(PARAMS);
  await stream.connect();
  stream.close();
  stream.close();
  expect(names(listening.seen)).toEqual([
    ...['stream:start', 'stream:end', 'stream:error', 'stream:asyncStart', 'stream:asyncEnd'],
  ]);
  expect(last(listening.seen, 'stream:asyncEnd')).toMatchObject({ outcome: 'closed' });
});

it('who produces and who reads a relayed stream is published without its id', async () => {
  using listening = listen('relay', 'stream', 'follow');
  const relay = createRelay({ client: clientFor(reply.text('Hello')) });
  const stream = await relay.start('secret id', PARAMS);
  await stream.untilDone();
  await relay.drain();
  const produced = last(listening.seen, 'relay:asyncEnd');
  expect(produced).toMatchObject({ epoch: 1, outcome: 'complete', ms: expect.any(Number) });
  expect(produced?.requestId).toBe(last(listening.seen, 'stream:asyncEnd')?.requestId);
  const read = listening.seen.filter(({ channel }) => channel === 'follow:asyncEnd');
  expect(read.map(({ context }) => context)).toMatchObject([
    { outcome: 'complete', producers: [] },
  ]);
  expect(JSON.stringify(listening.seen)).not.toContain('secret id');
});

it('progress is published to its subscribers', async () => {
  using listening = listen('progress');
  await clientFor(reply.text('One, two, three')).messages.stream(PARAMS).untilDone();
  const types = listening.seen.map(({ context }) => context.type);
  expect(types.slice(0, 2)).toEqual(['firstByte', 'firstContent']);
  expect(types).toContain('chunk');
  expect(channel('millrace:progress').hasSubscribers).toBe(true);
});

function look(run: () => string) {
  return tool({
    name: 'look',
    input: { type: 'object', properties: { at: { type: 'string' } }, required: ['at'] },
    run,
  });
}
