import { expect, it } from 'vitest';
import type { Observation } from '../../src/observe.js';
import { listen } from '../trace/support.js';
import { PARAMS, setting } from './support.js';

it('a blocking stream is published with its requests, paired by their ids', () => {
  using listening = listen('stream', 'attempt');
  using made = setting('flaky', { maxRetries: 2 });
  made.client.messages.stream(PARAMS).untilDone();
  const ended = listening.seen.filter(({ channel }) => channel.endsWith('asyncEnd'));
  expect(ended.map(({ channel, context }) => [channel, context.status ?? context.outcome])).toEqual(
    [
      ['attempt:asyncEnd', 529],
      ['attempt:asyncEnd', 200],
      ['attempt:asyncEnd', 200],
      ['stream:asyncEnd', 'complete'],
    ],
  );
  const [{ streamId } = {}] = ended.map(({ context }) => context);
  expect(ended.every(({ context }) => context.streamId === streamId)).toBe(true);
  expect(ended.at(-1)?.context).toMatchObject({ isBlocking: true, attempts: 3, retries: 2 });
});

it.each([
  ['create', 'complete'],
  ['raw', 'complete'],
  ['left', 'closed'],
] as const)('%s ends once: %s', (how, outcome) => {
  const seen: Observation[] = [];
  using made = setting('hello', { observe: (observation) => void seen.push(observation) });
  const { messages } = made.client;
  if (how === 'create') messages.create(PARAMS);
  else {
    const stream = messages.create({ ...PARAMS, stream: true });
    for (const _ of stream) if (how === 'left') break;
  }
  const ends = seen.filter(({ type }) => type === 'end');
  expect(ends).toEqual([expect.objectContaining({ outcome, attempts: 1, recoveries: 0 })]);
});

it('a blocking stream that nothing needs is not published', () => {
  using listening = listen('stream');
  using made = setting('hello');
  made.client.messages.stream(PARAMS).close();
  expect(listening.seen).toEqual([]);
});
