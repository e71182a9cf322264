import { describe, expect, it } from 'vitest';
import type { APIError } from '../../src/errors.js';
import { accumulate } from '../../src/message/accumulate.js';
import type { MessageStreamEvent } from '../../src/wire/events.js';
import { sse, textBlock, textMessage, type WireEvent } from '../contract/wire.js';
import { rawServer, SEEN } from '../support/raw-server.js';
import {
  all,
  BROKEN,
  clientOf,
  failure,
  fed,
  PARAMS,
  RICH,
  RICH_TEXT,
  rest,
  take,
  turns,
  types,
  until,
} from './support.js';

/** Per block one start, one delta of each kind, its stop; citations as the API sends them. */
const MERGED = [
  'message_start',
  ...['content_block_start', 'thinking_delta', 'signature_delta', 'content_block_stop'],
  ...['content_block_start', 'text_delta', 'citations_delta', 'citations_delta'],
  ...['hologram_delta', 'content_block_stop'],
  'brand_new',
  ...['content_block_start', 'input_json_delta', 'content_block_stop'],
  'message_delta',
  'message_stop',
];

const kinds = (events: readonly MessageStreamEvent[]): string[] =>
  events.map((event) => (event.type === 'content_block_delta' ? event.delta.type : event.type));
const messageOf = (events: readonly unknown[]) => accumulate(events as MessageStreamEvent[]);
const textOf = (events: readonly unknown[]): string =>
  (events as WireEvent[]).map(({ delta }) => (delta as { text?: string })?.text ?? '').join('');

describe('a reader that comes late', () => {
  it('after the end gets all, merged', async () => {
    await using server = await rawServer({ body: [sse(...RICH)] });
    const stream = clientOf(server).messages.stream(PARAMS);
    const message = await stream.getFinalMessage();
    const events = await all(stream);
    expect(kinds(events)).toEqual(MERGED);
    expect(messageOf(events)).toEqual(message);
    expect(await all(stream.textStream)).toEqual([RICH_TEXT]);
    expect(server.exchanges).toHaveLength(1);
  });

  it('after an error gets what came before it, then the same error', async () => {
    await using server = await rawServer({ body: [sse(...BROKEN)] });
    const stream = clientOf(server).messages.stream(PARAMS);
    const error = (await failure(stream.untilDone())) as APIError;
    const first = await until(stream);
    const second = await until(stream.textStream);
    expect(kinds(first.seen)).toEqual(MERGED.slice(0, 8));
    expect(messageOf(first.seen)).toEqual(error.partialMessage);
    expect(second.seen).toEqual(['It is 21 °C']);
    expect([first.error, second.error]).toEqual([error, error]);
    expect(await failure(stream.getFinalMessage())).toBe(error);
  });

  it('gets the error once, then the end', async () => {
    await using server = await rawServer({ body: [sse(...BROKEN)] });
    const reader = clientOf(server).messages.stream(PARAMS)[Symbol.asyncIterator]();
    expect((await until({ [Symbol.asyncIterator]: () => reader })).error).toBeInstanceOf(Error);
    expect(await reader.next()).toEqual({ done: true, value: undefined });
  });

  it('in the middle gets the past merged, then the rest as it comes', async () => {
    const events = textMessage('a', 'b', 'c', 'd');
    const body = [sse(...events.slice(0, 5)), SEEN, sse(...events.slice(5))];
    await using server = await rawServer({ body });
    const stream = clientOf(server).messages.stream(PARAMS);
    const first = stream[Symbol.asyncIterator]();
    await take(first, 4);
    const second = stream[Symbol.asyncIterator]();
    const text = stream.textStream[Symbol.asyncIterator]();
    const past = [...(await take(second, 3)), await text.next()];
    (await server.exchange()).seen();
    expect(textOf(past.slice(0, 3))).toBe('ab');
    expect(past[3]).toEqual({ done: false, value: 'ab' });
    const live = await Promise.all([rest(first), rest(second), rest(text)]);
    expect(live[0].map(textOf1)).toEqual(['c', 'd', '', '', '']);
    expect(live[1]).toEqual(live[0]);
    expect(live[2]).toEqual(['c', 'd']);
    expect(messageOf([...past.slice(0, 3), ...live[1]])).toEqual(await stream.getFinalMessage());
  });

  it.each([...RICH.keys()])('after %i events sees the same message', async (count) => {
    const { stream, feed } = fed();
    feed(...RICH);
    const ahead = stream[Symbol.asyncIterator]();
    await take(ahead, count);
    const events = await all(stream);
    expect(messageOf(events)).toEqual(await stream.getFinalMessage());
    expect(textOf(events)).toBe(RICH_TEXT);
    expect(await all(stream.textStream)).toEqual([RICH_TEXT]);
  });

  // Between the arrival of an event and its delivery there are turns of the microtask queue; a
  // reader may start in any of them.
  it.each([...Array(30).keys()])('%i turns after an event came sees it once', async (count) => {
    const { stream, feed } = fed();
    const [start, ping, block, a, b, ...end] = textMessage('a', 'b') as [WireEvent, ...WireEvent[]];
    feed(start, ping as WireEvent, block as WireEvent);
    const first = stream[Symbol.asyncIterator]();
    await take(first, 2);
    const waiting = first.next();
    feed(a as WireEvent);
    await turns(count);
    const second = rest(stream[Symbol.asyncIterator]());
    await waiting;
    feed(b as WireEvent, ...end);
    expect(textOf(await second)).toBe('ab');
    expect(textOf([(await waiting).value, ...(await rest(first))])).toBe('ab');
  });

  it.each([...Array(30).keys()])('%i turns after message_stop came sees it once', async (count) => {
    const { stream, feed } = fed();
    const events = textMessage('a');
    feed(...events.slice(0, -1));
    const first = stream[Symbol.asyncIterator]();
    await take(first, 5);
    const waiting = first.next();
    feed(...events.slice(-1));
    await turns(count);
    const second = await all(stream);
    await waiting;
    expect(types(second).filter((type) => type === 'message_stop')).toHaveLength(1);
    expect(messageOf(second)).toEqual(await stream.getFinalMessage());
  });
});

const textOf1 = (event: unknown): string => textOf([event]);

describe('readers at different speeds', () => {
  const many = Array.from({ length: 1000 }, (_, i) => `${i} `);

  it('the slow one gets what it missed merged, and the same message', async () => {
    await using server = await rawServer({ body: [sse(...textMessage(...many))] });
    const stream = clientOf(server).messages.stream(PARAMS);
    const slow = stream[Symbol.asyncIterator]();
    const slowText = stream.textStream[Symbol.asyncIterator]();
    const begun = [...(await take(slow, 3)), (await slowText.next()).value];
    const fast = await all(stream);
    expect(fast).toHaveLength(5 + 1 + 999);
    const late = await rest(slow);
    expect(types(late)).toEqual([
      ...['content_block_delta', 'content_block_stop', 'message_delta', 'message_stop'],
    ]);
    expect(messageOf([...begun.slice(0, 3), ...late])).toEqual(await stream.getFinalMessage());
    expect([begun[3], ...(await rest(slowText))]).toEqual(['0 ', many.slice(1).join('')]);
  });

  it('a backlog is bounded by the message, not by its events', async () => {
    const blocks = [0, 1, 2].flatMap((index) => textBlock(index, ...many));
    const [start, ping, ...ending] = textMessage();
    const events = [start, ping, ...blocks, ...ending.slice(2)] as WireEvent[];
    await using server = await rawServer({ body: [sse(...events)] });
    const stream = clientOf(server).messages.stream(PARAMS);
    const slow = stream[Symbol.asyncIterator]();
    await slow.next();
    await stream.untilDone();
    expect(types(await rest(slow))).toHaveLength(3 * 3 + 2);
  });

  it('the one that is ahead does not wait for the other', async () => {
    await using server = await rawServer({ body: [sse(...RICH)] });
    const stream = clientOf(server).messages.stream(PARAMS);
    const stopped = stream[Symbol.asyncIterator]();
    await take(stopped, 2);
    expect(textOf(await all(stream))).toBe(RICH_TEXT);
  });

  it('both get all events of a fair race, each on its own', async () => {
    await using server = await rawServer({ body: [sse(...RICH)] });
    const stream = clientOf(server).messages.stream(PARAMS);
    const [a, b] = await Promise.all([all(stream), all(stream)]);
    expect(messageOf(a)).toEqual(messageOf(b));
    expect(messageOf(a)).toEqual(await stream.getFinalMessage());
  });

  it('one that leaves does not end the stream for the other', async () => {
    await using server = await rawServer({
      body: [sse(...RICH.slice(0, 9)), SEEN, sse(...RICH.slice(9))],
    });
    const stream = clientOf(server).messages.stream(PARAMS);
    const stays = stream[Symbol.asyncIterator]();
    const past = await take(stays, 2);
    for await (const event of stream) if (event.type === 'content_block_stop') break;
    (await server.exchange()).seen();
    expect(messageOf([...past, ...(await rest(stays))])).toEqual(await stream.getFinalMessage());
  });
});

describe('an iterator', () => {
  it('answers next() calls that come together in order', async () => {
    await using server = await rawServer({ body: [sse(...RICH)] });
    const stream = clientOf(server).messages.stream(PARAMS);
    const reader = stream[Symbol.asyncIterator]();
    const events = RICH.filter(({ type }) => type !== 'ping');
    const results = await Promise.all(Array.from(events.concat(events), () => reader.next()));
    expect(
      types(results.filter(({ done }) => !done).map(({ value }) => value as WireEvent)),
    ).toEqual(types(events));
    expect(results.slice(events.length).every(({ done }) => done)).toBe(true);
  });

  it('gives an error to the first of the next() calls that wait, and the end to the others', async () => {
    await using server = await rawServer({ body: [sse(...BROKEN)] });
    const reader = clientOf(server).messages.stream(PARAMS)[Symbol.asyncIterator]();
    const calls = Array.from({ length: 15 }, () => reader.next());
    const results = await Promise.allSettled(calls);
    expect(results.map(({ status }) => status)).toEqual([
      ...Array(11).fill('fulfilled'),
      'rejected',
      ...Array(3).fill('fulfilled'),
    ]);
    expect(await calls.at(-1)).toEqual({ done: true, value: undefined });
  });

  it('gives nothing after return(), and ends the next() that waits', async () => {
    await using server = await rawServer({ body: [sse(...RICH.slice(0, 3))], end: 'hang' });
    const reader = clientOf(server).messages.stream(PARAMS)[Symbol.asyncIterator]();
    await take(reader, 3);
    const waiting = reader.next();
    expect(await reader.return?.()).toEqual({ done: true, value: undefined });
    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(await reader.next()).toEqual({ done: true, value: undefined });
    await (await server.exchange()).left;
  });

  it('that was never read sends nothing, and its return() ends nothing', async () => {
    await using server = await rawServer({ body: [sse(...RICH)] });
    const stream = clientOf(server).messages.stream(PARAMS);
    await stream[Symbol.asyncIterator]().return?.();
    expect(server.exchanges).toHaveLength(0);
    expect(textOf(await all(stream))).toBe(RICH_TEXT);
  });

  it('may start within a listener', async () => {
    await using server = await rawServer({ body: [sse(...RICH)] });
    const stream = clientOf(server).messages.stream(PARAMS);
    const reads: Promise<MessageStreamEvent[]>[] = [];
    stream.on('event', () => void reads.push(all(stream)));
    const message = await stream.getFinalMessage();
    const seen = await Promise.all(reads);
    expect(seen).toHaveLength(RICH.length - 1);
    for (const events of seen) expect(messageOf(events)).toEqual(message);
  });
});
