import { describe, expect, it } from 'vitest';
import type { RunnerEvent } from '../../src/index.js';
import * as millrace from '../../src/index.js';
import { messageStart, textBlock, toolBlock } from '../contract/wire.js';
import { all, failure, idle, rest } from '../stream/support.js';
import { listenerCount } from '../support/listener-count.js';
import { brief, isCall, REPLIES, runReaderSuite } from './run-reader-suite.js';
import { byHand, CITY, PARAMS, WORLDS, weatherTool } from './support.js';

const { tool } = millrace;

describe.each(WORLDS)('a runner %s', (_, open) => {
  runReaderSuite(millrace, open);
});

it('sends nothing before it is read, and rejects nothing', async () => {
  const { client, held } = byHand();
  const signal = AbortSignal.abort(new Error('before'));
  const runner = client.messages.toolRunner({ ...PARAMS, tools: [weatherTool()] }, { signal });
  runner.close();
  runner.close();
  const unread = client.messages.toolRunner({ ...PARAMS, tools: [weatherTool()] });
  expect(unread.messages).toEqual(PARAMS.messages);
  await idle();
  expect(held()).toEqual([]);
});

it('a failure that is not awaited stays quiet, and is there for a late caller', async () => {
  const { client, request } = byHand();
  const runner = client.messages.toolRunner({ ...PARAMS, tools: [weatherTool()] });
  void runner.getFinalMessage();
  void runner[Symbol.asyncIterator]().next();
  void runner.events[Symbol.asyncIterator]().next();
  void runner.textStream[Symbol.asyncIterator]().next();
  (await request()).break();
  await idle();
  expect(await failure(runner.getFinalMessage())).toMatchObject({ name: 'APIConnectionError' });
});

it('a reader that leaves does not wait for what it waited for', async () => {
  const { client, request, held } = byHand();
  const runner = client.messages.toolRunner({ ...PARAMS, tools: [weatherTool()] });
  const reader = runner.events[Symbol.asyncIterator]();
  const asked = reader.next();
  await request();
  expect(await reader.return?.()).toEqual({ done: true, value: undefined });
  expect(await asked).toEqual({ done: true, value: undefined });
  expect(await reader.next()).toEqual({ done: true, value: undefined });
  expect(held()[0]?.signal.aborted).toBe(true);
});

it('the slowest reader sets no pace, the fastest does: the others find all that there was', async () => {
  const { client, request } = byHand();
  const runner = client.messages.toolRunner({ ...PARAMS, tools: [weatherTool()] });
  const slow = runner.events[Symbol.asyncIterator]();
  const begun = slow.next();
  const final = runner.getFinalMessage();
  const first = await request();
  first.feed(messageStart(), ...textBlock(0, 'a', 'b', 'c'), ...toolBlock(1, '{"city": "Oslo"}'));
  first.finish('tool_use');
  const second = await request(1);
  second.feed(messageStart(), ...textBlock(0, 'd'));
  second.finish();
  await final;
  const events = [(await begun).value, ...(await rest(slow))] as RunnerEvent[];
  const texts = events.flatMap((event) =>
    event.type === 'content_block_delta' && event.delta.type === 'text_delta'
      ? event.delta.text
      : [],
  );
  expect(texts).toEqual(['abc', 'd']);
  expect(events.map(brief).filter(isCall)).toEqual([
    'start toolu_1',
    'result toolu_1 Sunny in Oslo',
  ]);
});

it('close() after the end does nothing', async () => {
  await using world = await WORLDS[0][1](REPLIES);
  const signals: AbortSignal[] = [];
  const noting = tool({
    name: 'get_weather',
    input: CITY,
    run: (_, { signal }) => void signals.push(signal),
  });
  const runner = world.client.messages.toolRunner({ ...PARAMS, tools: [noting] });
  const message = await runner.getFinalMessage();
  await runner[Symbol.asyncDispose]();
  expect(await runner.getFinalMessage()).toBe(message);
  expect(await all(runner)).toHaveLength(2);
  expect(signals.map(({ aborted }) => aborted)).toEqual([false, false]);
});

it('does not end where one who wants the whole waits, and a reader leaves', async () => {
  await using world = await WORLDS[0][1](REPLIES);
  const runner = world.client.messages.toolRunner({ ...PARAMS, tools: [weatherTool()] });
  const final = runner.getFinalMessage();
  for await (const _ of runner.events) break;
  expect((await final).stop_reason).toBe('end_turn');
});

it('a reader that left gets nothing of what comes for the others, and waits for nothing', async () => {
  const { client, request } = byHand();
  const runner = client.messages.toolRunner({ ...PARAMS, tools: [weatherTool()] });
  const others = all(runner.events);
  const reader = runner.events[Symbol.asyncIterator]();
  const asked = [reader.next(), reader.next()];
  const held = await request();
  await reader.return?.();
  expect(await Promise.all(asked)).toEqual(asked.map(() => ({ done: true, value: undefined })));
  held.feed(messageStart());
  held.finish();
  expect(await others).toHaveLength(3);
  expect(await reader.next()).toEqual({ done: true, value: undefined });
});

it('takes no update from a call that has its result, though another still runs', async () => {
  await using world = await WORLDS[0][1](REPLIES);
  const emits: ((update: unknown) => void)[] = [];
  const noting = tool({
    name: 'get_weather',
    input: CITY,
    async run(_, { emit }) {
      if (emits.push(emit) === 1) return;
      await idle();
      for (const [n, emit] of emits.entries()) emit(n);
    },
  });
  const runner = world.client.messages.toolRunner({ ...PARAMS, tools: [noting] });
  const events = (await all(runner.events)).map(brief);
  expect(events.filter((event) => event.startsWith('update'))).toEqual(['update b 1']);
});

it('closing the stream of a turn ends the run', async () => {
  const { client } = byHand();
  const runner = client.messages.toolRunner({ ...PARAMS, tools: [weatherTool()] });
  const error = failure(
    (async () => {
      for await (const stream of runner) stream.close();
    })(),
  );
  expect(await error).toMatchObject({ name: 'APIUserAbortError', reason: 'the stream was closed' });
});

it.each(['ends', 'fails', 'is closed'])('listens to its signal until it %s', async (how) => {
  const { client, request } = byHand();
  const { signal } = new AbortController();
  const runner = client.messages.toolRunner({ ...PARAMS, tools: [weatherTool()] }, { signal });
  expect(listenerCount(signal)).toBe(0);
  const final = runner.getFinalMessage().catch(() => {});
  const held = await request();
  held.feed(messageStart());
  expect(listenerCount(signal)).toBe(1);
  if (how === 'ends') held.finish();
  else if (how === 'fails') held.break();
  else runner.close();
  await final;
  expect(listenerCount(signal)).toBe(0);
});
