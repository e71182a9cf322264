import { describe, expect, it } from 'vitest';
import { accumulate } from '../../src/message/accumulate.js';
import { fault, reply } from '../../src/testing/index.js';
import type { RawMessageStreamEvent } from '../../src/wire/events.js';
import { ENDING, messageStart, textMessage, toolBlock } from '../contract/wire.js';
import { atOnce, served } from '../support/served.js';
import { all, BROKEN, clientOf, PARAMS, RICH, until } from './support.js';

/** Keeps values with their JSON at arrival. */
function witness(): { see: (...values: unknown[]) => void; check: () => number } {
  const seen: { now: () => string; json: string }[] = [];
  return {
    see: (...values) => {
      for (const value of values) {
        if (value === undefined) continue;
        const now = (): string => JSON.stringify(value);
        seen.push({ now, json: now() });
      }
    },
    check: () => {
      for (const { now, json } of seen) expect(now()).toBe(json);
      return seen.length;
    },
  };
}

const LISTENED = [
  'event',
  'text',
  'thinking',
  'citation',
  'signature',
  'contentBlock',
  'message',
] as const;

describe.each(Object.entries({ whole: RICH, broken: BROKEN }))('a %s stream', (_, events) => {
  it('never changes what it handed out: events, snapshots, what listeners got', async () => {
    await using server = await served(atOnce(events));
    const stream = clientOf(server).messages.stream(PARAMS);
    const { see, check } = witness();
    for (const name of LISTENED) {
      stream.on(name, (...args: unknown[]) => see(...args, stream.currentMessageSnapshot));
    }
    const reader = (async () => {
      for await (const event of stream) see(event, stream.currentMessageSnapshot);
    })();
    await until(stream.textStream);
    await reader.catch(see);
    const late = await until(stream);
    see(...late.seen, late.error, stream.currentMessageSnapshot);
    expect(check()).toBeGreaterThan(2 * events.length);
  });
});

describe('currentMessageSnapshot', () => {
  it.each([1, 7, 61, 100_000])(
    'is that of the event just handed out, in chunks of %i',
    async (size) => {
      await using server = await served(reply.faulty(atOnce(RICH), fault.chunks(size)));
      const stream = clientOf(server).messages.stream(PARAMS);
      const raw = RICH.filter(({ type }) => type !== 'ping') as unknown as RawMessageStreamEvent[];
      let count = 0;
      for await (const _ of stream) {
        expect(stream.currentMessageSnapshot).toEqual(accumulate(raw.slice(0, ++count)));
      }
      expect(count).toBe(raw.length);
      expect(stream.currentMessageSnapshot).toBe(await stream.getFinalMessage());
    },
  );

  it('holds just the text of the deltas so far', async () => {
    const pieces = ['Grüezi', ' ', 'mitenand', ' 🌤'];
    await using server = await served(atOnce(textMessage(...pieces)));
    const stream = clientOf(server).messages.stream(PARAMS);
    let text = '';
    for await (const event of stream) {
      if (event.type !== 'content_block_delta') continue;
      text += event.delta.type === 'text_delta' ? event.delta.text : '';
      expect(stream.currentMessageSnapshot?.content).toEqual([{ type: 'text', text }]);
    }
    expect(text).toBe(pieces.join(''));
  });

  it('is built once for each event', async () => {
    await using server = await served(atOnce(RICH));
    const stream = clientOf(server).messages.stream(PARAMS);
    expect(stream.currentMessageSnapshot).toBeUndefined();
    const snapshots = new Set<unknown>();
    for await (const _ of stream) {
      expect(stream.currentMessageSnapshot).toBe(stream.currentMessageSnapshot);
      snapshots.add(stream.currentMessageSnapshot);
    }
    expect(snapshots.size).toBeGreaterThan(10);
  });

  it('read after each of 20,000 deltas costs in proportion to them', async () => {
    const time = async (count: number): Promise<number> => {
      const pieces = Array(count).fill('x'.repeat(50));
      await using server = await served(atOnce(textMessage(...pieces)));
      const stream = clientOf(server).messages.stream(PARAMS);
      const since = performance.now();
      for await (const _ of stream) stream.currentMessageSnapshot;
      expect((await stream.getFinalText()).length).toBe(50 * count);
      return performance.now() - since;
    };
    await time(2_000); // Warms up.
    const [short, long] = [await time(2_000), await time(20_000)];
    // Ten times as much; a hundred times where each snapshot costs what the message does.
    expect(long).toBeLessThan(40 * Math.max(short, 10));
  });
});

it('liveInput is the input that inputJson listeners get: one object, which grows', async () => {
  const pieces = ['{"a": [', '1, 2', '3], "b": "x', 'y"}'];
  const events = [messageStart(), ...toolBlock(0, ...pieces), ...ENDING];
  await using server = await served(atOnce(events));
  const stream = clientOf(server).messages.stream(PARAMS);
  const seen: unknown[] = [];
  const states: string[] = [];
  expect(stream.liveInput(0)).toBeUndefined();
  stream.on('inputJson', (_, input) => {
    seen.push(input, stream.liveInput(0));
    states.push(JSON.stringify(input));
  });
  const { content } = await stream.getFinalMessage();
  seen.push(stream.liveInput(0), (content[0] as { input: unknown }).input);
  expect(seen).toHaveLength(2 * pieces.length + 2);
  expect(new Set(seen).size).toBe(1);
  expect(states).toEqual([
    '{"a":[]}',
    '{"a":[1]}',
    '{"a":[1,23],"b":"x"}',
    '{"a":[1,23],"b":"xy"}',
  ]);
  expect(stream.liveInput(1)).toBeUndefined();
});

describe('events', () => {
  it('carry what they end: the block, the message', async () => {
    await using server = await served(atOnce(RICH));
    const stream = clientOf(server).messages.stream(PARAMS);
    const events = await all(stream);
    const message = await stream.getFinalMessage();
    const blocks = events.flatMap((event) =>
      event.type === 'content_block_stop' ? [event.content_block] : [],
    );
    expect(blocks).toEqual(message.content);
    expect(events.at(-1)).toEqual({ type: 'message_stop', message });
  });

  it('are those of the wire but for that, pings left out', async () => {
    await using server = await served(atOnce(RICH));
    const events = await all(clientOf(server).messages.stream(PARAMS));
    const bare = events.map((event) => {
      const { content_block, message, ...rest } = event as unknown as Record<string, unknown>;
      if (event.type === 'content_block_stop' || event.type === 'message_stop') return rest;
      return event;
    });
    expect(bare).toEqual(RICH.filter(({ type }) => type !== 'ping'));
  });
});
